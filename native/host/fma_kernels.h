// Loops of independent fused multiply-adds, one per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orion::host {

/** Accumulators in flight: latency 4-5 cycles x 2 units needs 10; 12 vectors and two operands fit 16 registers. */
constexpr std::size_t accumulators = 12;

/**
 * x[i] = x[i] * factor + addend, `steps` times, for `lanes` values.
 * @param x [accumulators * lanes of one vector]
 */
template <typename Real>
struct FmaKernel {
  const char* instructionSet;
  bool (*isSupported)();
  std::size_t vectorLanes;
  void (*run)(Real* x, Real factor, Real addend, std::uint64_t steps);
};

/** Widest first; the last, generic one runs everywhere. */
template <typename Real>
const std::vector<FmaKernel<Real>>& fmaKernels();

}  // namespace orion::host
