#include "gpu/out_of_memory.h"

#include "base/error.h"
#include "gpu/cuda_call.h"

namespace orion::gpu {

void throwOutOfMemory(const std::string& owner, std::size_t bytes) {
  cudaGetLastError();  // so that the next check does not see the failed allocation
  std::size_t freeBytes = 0;
  std::size_t totalBytes = 0;
  CUDA_CALL(cudaMemGetInfo(&freeBytes, &totalBytes));
  throw Error(ErrorCode::Io, "gpu: " + owner + " needs " + std::to_string(bytes) + " bytes of device memory; " +
                                 std::to_string(freeBytes) + " of " + std::to_string(totalBytes) + " are free.");
}

}  // namespace orion::gpu
