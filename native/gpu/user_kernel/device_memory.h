#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <string>

#include "gpu/cuda_call.h"
#include "gpu/out_of_memory.h"

namespace orion::gpu {

/** Owns bytes in device memory; unlike Buffer, can be left behind. */
class DeviceMemory {
 public:
  /** @param owner of the memory, as the sentence about too little of it names it */
  DeviceMemory(std::size_t bytes, const std::string& owner) {
    const cudaError_t status = cudaMalloc(&data_, bytes);
    if (status == cudaErrorMemoryAllocation) throwOutOfMemory(owner, bytes);
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
