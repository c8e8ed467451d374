#include "gpu/host_timer.h"

#include <limits>

#include "gpu/empty_time.h"
#include "timing/clock.h"

namespace orion::gpu {

TimedSample HostTimer::time(Kernel& kernel) {
  const std::int64_t start = timing::monotonicNs();
  kernel.launch(stream());
  stream().synchronize();
  return {static_cast<double>(timing::monotonicNs() - start), std::numeric_limits<double>::quiet_NaN()};
}

double HostTimer::emptyNs() {
  return emptyTimeNs([this] {
    const std::int64_t start = timing::monotonicNs();
    stream().synchronize();
    return static_cast<double>(timing::monotonicNs() - start);
  });
}

}  // namespace orion::gpu
