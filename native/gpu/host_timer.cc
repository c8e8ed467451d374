#include "gpu/host_timer.h"

#include <limits>
#include <vector>

#include "timing/clock.h"
#include "timing/statistics.h"

namespace orion::gpu {
namespace {

constexpr int emptySamples = 101;

}  // namespace

TimedSample HostTimer::time(Kernel& kernel) {
  const std::int64_t start = timing::monotonicNs();
  kernel.launch(stream());
  stream().synchronize();
  return {static_cast<double>(timing::monotonicNs() - start), std::numeric_limits<double>::quiet_NaN()};
}

double HostTimer::emptyNs() {
  std::vector<double> samples;
  for (int i = 0; i < emptySamples; ++i) {
    const std::int64_t start = timing::monotonicNs();
    stream().synchronize();
    samples.push_back(static_cast<double>(timing::monotonicNs() - start));
  }
  return timing::summarize(samples).median;
}

}  // namespace orion::gpu
