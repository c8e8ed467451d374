#include "gpu/graph_timer.h"

namespace orion::gpu {

TimedSample GraphTimer::time(Kernel& kernel) {
  if (!graph_) {
    graph_.emplace(stream(), [&] {
      for (int i = 0; i < launches_; ++i) kernel.launch(stream());
    });
    graph_->launch(stream());  // the first replay uploads it
    stream().synchronize();
  }
  TimedSample sample = span_.time(stream(), [&] { graph_->launch(stream()); });
  sample.ns /= launches_;
  return sample;
}

}  // namespace orion::gpu
