#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <string>

#include "base/error.h"
#include "gpu/cuda_call.h"

namespace orion::gpu {

/** Owns bytes in device memory; unlike Buffer, can be left behind. */
class DeviceMemory {
 public:
  /** @param owner of the memory, as the sentence about too little of it names it */
  DeviceMemory(std::size_t bytes, const std::string& owner) {
    const cudaError_t status = cudaMalloc(&data_, bytes);
    if (status == cudaErrorMemoryAllocation) {
      cudaGetLastError();
      std::size_t freeBytes = 0;
      std::size_t totalBytes = 0;
      CUDA_CALL(cudaMemGetInfo(&freeBytes, &totalBytes));
      throw Error(ErrorCode::Io, "gpu: " + owner + " needs " + std::to_string(bytes) + " bytes of device memory; " +
                                     std::to_string(freeBytes) + " of " + std::to_string(totalBytes) + " are free.");
    }
    CUDA_CALL(status);
  }
  ~DeviceMemory() {
    if (data_ != nullptr) cudaFree(data_);
  }
  DeviceMemory(const DeviceMemory&) = delete;
  DeviceMemory& operator=(const DeviceMemory&) = delete;

  unsigned char* data() const { return static_cast<unsigned char*>(data_); }

  /** Never frees it: cudaFree waits for all that runs on the device. */
  void abandon() { data_ = nullptr; }

 private:
  void* data_ = nullptr;
};

}  // namespace orion::gpu
