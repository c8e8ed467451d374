#pragma once

#include "gpu/timer.h"

namespace orion::gpu {

/** One launch by the host's clock, from the call to the end of the work: what a program that waits for it sees. */
class HostTimer : public Timer {
 public:
  TimedSample time(Kernel& kernel) override;
  /** Of a wait for an idle stream. */
  double emptyNs() override;
};

}  // namespace orion::gpu
