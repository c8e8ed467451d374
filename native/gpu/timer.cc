#include "gpu/timer.h"

#include <algorithm>

#include "base/error.h"
#include "gpu/cold_timer.h"
#include "gpu/graph_timer.h"
#include "gpu/host_timer.h"
#include "gpu/hot_timer.h"

namespace orion::gpu {
namespace {

/** Far longer than the events' resolution of about 0.5 us. */
constexpr double batchNs = 1e6;

/** A stream that is held back takes about a thousand launches; some of ours are several. */
constexpr int mostLaunches = 256;

int launchesFor(double launchNs) {
  return static_cast<int>(std::clamp(batchNs / std::max(launchNs, 1.0), 1.0, double{mostLaunches}));
}

}  // namespace

std::unique_ptr<Timer> makeTimer(Mode mode, const Device& device, double launchNs) {
  switch (mode) {
    case Mode::Cold:
      return std::make_unique<ColdTimer>(device.l2Bytes);
    case Mode::Hot:
      return std::make_unique<HotTimer>(launchesFor(launchNs));
    case Mode::Graph:
      return std::make_unique<GraphTimer>(launchesFor(launchNs));
    case Mode::Host:
      return std::make_unique<HostTimer>();
  }
  throw Error(ErrorCode::BadInput, "gpu: unknown mode of timing.");
}

}  // namespace orion::gpu
