#pragma once

#include <optional>

#include "gpu/event_span.h"
#include "gpu/graph.h"
#include "gpu/timer.h"

namespace orion::gpu {

/** Launches back to back, replayed as a CUDA graph: one call for all of them. */
class GraphTimer : public Timer {
 public:
  /** @param launches of a sample */
  explicit GraphTimer(int launches) : launches_(launches) {}

  /** The first call captures the kernel's launches: always the same kernel. */
  TimedSample time(Kernel& kernel) override;
  int launchesPerSample() const override { return launches_; }
  double emptyNs() override { return span_.emptyNs(stream()); }

 private:
  int launches_;
  EventSpan span_;
  std::optional<Graph> graph_;
};

}  // namespace orion::gpu
