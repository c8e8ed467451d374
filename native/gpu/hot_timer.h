#pragma once

#include "gpu/event_span.h"
#include "gpu/timer.h"

namespace orion::gpu {

/** Launches back to back, caches as the launch before left them. */
class HotTimer : public Timer {
 public:
  /** @param launches of a sample */
  explicit HotTimer(int launches) : launches_(launches) {}

  TimedSample time(Kernel& kernel) override;
  int launchesPerSample() const override { return launches_; }
  double emptyNs() override { return span_.emptyNs(stream()); }

 private:
  int launches_;
  EventSpan span_;
};

}  // namespace orion::gpu
