#include "gpu/hot_timer.h"

namespace orion::gpu {

TimedSample HotTimer::time(Kernel& kernel) {
  TimedSample sample = span_.time(stream(), [&] {
    for (int i = 0; i < launches_; ++i) kernel.launch(stream());
  });
  sample.ns /= launches_;
  return sample;
}

}  // namespace orion::gpu
