#pragma once

namespace orion::gpu {

/** What one launch does, by count. */
struct Work {
  double bytes = 0;       // read and written, at the level of memory that the case is about
  double operations = 0;  // floating-point operations (int8: integer ones); a fused multiply-add counts two
  double steps = 0;       // what else the case counts, e.g. dependent loads; 0 = nothing
};

/** How far the output lay from the host's own, which is calculated in double precision. */
struct Answer {
  double error = 0;      // largest over the output (all of it, or the sample that the kernel checks); NaN is wrong
  double tolerance = 0;  // 0: must agree to the bit
  bool isCorrect() const { return error <= tolerance; }
};

}  // namespace orion::gpu
