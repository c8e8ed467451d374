#include "base/error.h"
#include "gpu/gate.h"
#include "gpu/global_timer.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned long long timeoutNs = 2'000'000'000;

__global__ void waitUntilOpen(volatile int* open, volatile int* timedOut) {
  const unsigned long long start = globalTimerNs();
  while (*open == 0) {
    if (globalTimerNs() - start > timeoutNs) {
      *timedOut = 1;
      __threadfence_system();
      return;
    }
  }
}

}  // namespace

Gate::Gate() {
  Flags* flags = nullptr;
  CUDA_CALL(cudaHostAlloc(&flags, sizeof(Flags), cudaHostAllocMapped));
  flags_ = flags;
  CUDA_CALL(cudaHostGetDevicePointer(&deviceFlags_, flags, 0));
  flags_->open = 1;
  flags_->timedOut = 0;
}

Gate::~Gate() {
  open();  // an exception may have left the kernel spinning on the flags
  if (stream_) cudaStreamSynchronize(stream_);
  cudaFreeHost(const_cast<Flags*>(flags_));
}

void Gate::queue(const Stream& stream) {
  waitUntilOpen<<<1, 1, 0, stream.get()>>>(&deviceFlags_->open, &deviceFlags_->timedOut);
  CUDA_CALL(cudaGetLastError());
}

void Gate::close(const Stream& stream) {
  flags_->open = 0;
  flags_->timedOut = 0;
  stream_ = stream.get();
  queue(stream);
}

void Gate::open() { flags_->open = 1; }

void Gate::requireHeld() const {
  if (flags_->timedOut == 0) return;
  throw Error(ErrorCode::Io,
              "gpu: the launch was not queued while the stream was held back: unset CUDA_LAUNCH_BLOCKING and measure "
              "without a profiler.");
}

}  // namespace orion::gpu
