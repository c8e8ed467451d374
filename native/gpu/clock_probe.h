#pragma once

#include "gpu/buffer.h"
#include "gpu/stream.h"

namespace orion::gpu {

/** What one multiprocessor read off its clocks. */
struct ClockStamp {
  unsigned long long timeNs;
  long long cycles;
  unsigned multiprocessor;
};

/**
 * SM clock while the work between `begin` and `end` ran: cycles of one multiprocessor over the time by the device's
 * global timer. `end` spins until the span is long enough for that timer's coarse ticks.
 */
class ClockProbe {
 public:
  ClockProbe();
  ~ClockProbe();
  ClockProbe(const ClockProbe&) = delete;
  ClockProbe& operator=(const ClockProbe&) = delete;

  void begin(const Stream& stream);
  void end(const Stream& stream);

  /** Once the stream has passed `end`, Hz; NaN where the two ran on different multiprocessors, whose clocks differ. */
  double hz() const;

 private:
  ClockStamp* stamps_ = nullptr;  // two, pinned, seen by host and device
  ClockStamp* deviceStamps_ = nullptr;
};

}  // namespace orion::gpu
