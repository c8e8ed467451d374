#include "gpu/cold_timer.h"

namespace orion::gpu {

ColdTimer::ColdTimer(std::size_t l2Bytes) {
  if (l2Bytes > 0) flush_.emplace(l2Bytes);
}

TimedSample ColdTimer::time(Kernel& kernel) {
  if (flush_) CUDA_CALL(cudaMemsetAsync(flush_->data(), 0, flush_->bytes(), stream().get()));
  return span_.time(stream(), [&] { kernel.launch(stream()); });
}

}  // namespace orion::gpu
