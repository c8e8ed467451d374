// Matrix products by NVIDIA's cuBLASLt, found at run time: the rates that our own kernels are compared with.
//
// Shapes, data and check are those of gemm_problem.cuh. Of the algorithms that the library proposes, the fastest is
// used.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

/** cublaslt-MxNxK-PRECISION; `cublaslt` alone, to be skipped, where the library is absent. */
std::vector<Case> cublasLtCases(const Device& device);

}  // namespace orion::gpu
