#pragma once

#include "gpu/clock_probe.h"
#include "gpu/event.h"
#include "gpu/gate.h"
#include "gpu/timer.h"

namespace orion::gpu {

/** Time between two events around work that is wholly queued before it starts. */
class EventSpan {
 public:
  EventSpan();

  /** @param queue callable: queues the work on the stream. Returns the time of all of it. */
  template <typename Queue>
  TimedSample time(const Stream& stream, Queue&& queue) {
    gate_.close(stream);
    probe_.begin(stream);
    start_.record(stream);
    queue();
    stop_.record(stream);
    probe_.end(stream);
    gate_.open();
    stream.synchronize();
    gate_.requireHeld();
    return {stop_.nsSince(start_), probe_.hz()};
  }

  /** Median time between the two with nothing in between, ns. */
  double emptyNs(const Stream& stream);

 private:
  Event start_;
  Event stop_;
  ClockProbe probe_;
  Gate gate_;
};

}  // namespace orion::gpu
