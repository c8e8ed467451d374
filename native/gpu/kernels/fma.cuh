// Chains of fused multiply-adds in registers: the arithmetic peak outside the tensor cores, next to no memory traffic.
//
// A launch fills every multiprocessor with threads; each runs several independent chains of x <- x * x + c (fp64, fp32,
// or two fp16 at once). For c = -1.9 the map is chaotic on [-1.9, 1.71]: its values never settle, so the units switch
// as they do in real work, and one wrong rounding changes everything after it. The operands of an instruction are one
// register and a constant, so that no two compete for a register bank. Two FLOPs per fused multiply-add; one word
// written per thread. The answer must agree to the bit, since IEEE 754 rounds a fused multiply-add once everywhere.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

/** fma-fp64, fma-fp32, fma-fp16. */
std::vector<Case> fmaCases(const Device& device);

}  // namespace orion::gpu
