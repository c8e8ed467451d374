#include "gpu/suite.h"

#include <iterator>

#include "gpu/kernels/atomic.cuh"
#include "gpu/kernels/copy.cuh"
#include "gpu/kernels/fma.cuh"
#include "gpu/kernels/gemm.cuh"
#include "gpu/kernels/latency.cuh"
#include "gpu/kernels/launch.cuh"
#include "gpu/kernels/layernorm.cuh"
#include "gpu/kernels/matrix.cuh"
#include "gpu/kernels/read.cuh"
#include "gpu/kernels/roofline.cuh"
#include "gpu/kernels/shared.cuh"
#include "gpu/kernels/softmax.cuh"
#include "gpu/kernels/transfer.cuh"
#include "gpu/kernels/triad.cuh"
#include "gpu/kernels/write.cuh"
#include "gpu/libraries/cublaslt.h"
#include "gpu/libraries/cudnn.h"

namespace orion::gpu {

std::vector<Case> suiteCases(const Device& device) {
  std::vector<Case> all;
  // Light work first: the matrix units heat the card, and its clock falls.
  for (const auto& casesOf : {launchCases, transferCases, latencyCases, readCases, writeCases, copyCases, triadCases,
                              sharedCases, atomicCases, softmaxCases, layernormCases, rooflineCases, fmaCases,
                              gemmCases, cublasLtCases, cudnnCases, matrixCases}) {
    std::vector<Case> some = casesOf(device);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace orion::gpu
