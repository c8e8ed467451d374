#pragma once

#include <cmath>

#include "gpu/stream.h"

namespace orion::gpu {

/** Owns an event with a time stamp. */
class Event {
 public:
  Event() { CUDA_CALL(cudaEventCreateWithFlags(&handle_, cudaEventDefault)); }
  ~Event() { cudaEventDestroy(handle_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void record(const Stream& stream) { CUDA_CALL(cudaEventRecord(handle_, stream.get())); }
  void synchronize() const { CUDA_CALL(cudaEventSynchronize(handle_)); }

  /** Time since an earlier event, whole ns; both must have happened. CUDA gives it in ms as a float, some 32 ns fine.
   */
  double nsSince(const Event& earlier) const {
    float ms = 0;
    CUDA_CALL(cudaEventElapsedTime(&ms, earlier.handle_, handle_));
    return std::round(ms * 1e6);
  }

 private:
  cudaEvent_t handle_ = nullptr;
};

}  // namespace orion::gpu
