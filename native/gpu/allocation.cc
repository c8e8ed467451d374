#include "gpu/allocation.h"

#include "gpu/cuda_call.h"
#include "gpu/out_of_memory.h"

namespace orion::gpu {

void* allocate(std::size_t bytes) {
  void* data = nullptr;
  const cudaError_t status = cudaMalloc(&data, bytes);
  if (status == cudaErrorMemoryAllocation) throwOutOfMemory("an array of this case", bytes);
  CUDA_CALL(status);
  return data;
}

}  // namespace orion::gpu
