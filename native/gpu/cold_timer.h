#pragma once

#include <cstddef>
#include <optional>

#include "gpu/buffer.h"
#include "gpu/event_span.h"
#include "gpu/timer.h"

namespace orion::gpu {

/** One launch with a cold L2 cache and without launch overhead. */
class ColdTimer : public Timer {
 public:
  /** @param l2Bytes of the device; 0 = it has none to flush */
  explicit ColdTimer(std::size_t l2Bytes);

  TimedSample time(Kernel& kernel) override;
  double emptyNs() override { return span_.emptyNs(stream()); }

 private:
  std::optional<Buffer<unsigned char>> flush_;
  EventSpan span_;
};

}  // namespace orion::gpu
