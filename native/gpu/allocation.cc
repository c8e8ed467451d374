#include "gpu/allocation.h"

#include <string>

#include "base/error.h"
#include "gpu/cuda_call.h"

namespace orion::gpu {
namespace {

std::string mebibytes(std::size_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

void* allocate(std::size_t bytes) {
  void* data = nullptr;
  const cudaError_t status = cudaMalloc(&data, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    std::size_t freeBytes = 0;
    std::size_t totalBytes = 0;
    CUDA_CALL(cudaMemGetInfo(&freeBytes, &totalBytes));
    throw Error(ErrorCode::Io, "gpu: not enough device memory: " + mebibytes(bytes) + " asked for, " +
                                   mebibytes(freeBytes) + " of " + mebibytes(totalBytes) +
                                   " free; end what else runs on the GPU.");
  }
  CUDA_CALL(status);
  return data;
}

}  // namespace orion::gpu
