// A matrix product of training-like shape, C = A x B, as a deep-learning framework would have it computed.
//
// Operands, output and check: gemm_problem.cuh. Kernels: gemm_wgmma.cuh on sm_90, gemm_mma.cuh elsewhere.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

/** gemm-MxNxK-PRECISION; and on sm_90 the first shape with "-mma": the kernel of all other GPUs. */
std::vector<Case> gemmCases(const Device& device);

}  // namespace orion::gpu
