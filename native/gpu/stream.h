#pragma once

#include "gpu/cuda_call.h"

namespace orion::gpu {

/** Owns a stream that does not wait for the default one. */
class Stream {
 public:
  Stream() { CUDA_CALL(cudaStreamCreateWithFlags(&handle_, cudaStreamNonBlocking)); }
  ~Stream() { cudaStreamDestroy(handle_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  cudaStream_t get() const { return handle_; }
  void synchronize() const { CUDA_CALL(cudaStreamSynchronize(handle_)); }

 private:
  cudaStream_t handle_ = nullptr;
};

}  // namespace orion::gpu
