#pragma once

#include <memory>

#include "gpu/case.h"
#include "gpu/stream.h"

namespace orion::gpu {

struct TimedSample {
  double ns = 0;         // of one launch
  double smClockHz = 0;  // while it ran; NaN = unknown
};

/** Times a kernel in one of the modes, a sample at a time. */
class Timer {
 public:
  virtual ~Timer() = default;

  /** Launches the kernel `launchesPerSample` times and waits for it. */
  virtual TimedSample time(Kernel& kernel) = 0;
  virtual int launchesPerSample() const { return 1; }
  /** What the clock shows where nothing happens, ns; the median of many. */
  virtual double emptyNs() = 0;

  const Stream& stream() const { return stream_; }

 private:
  Stream stream_;
};

/** @param launchNs roughly what one launch takes: batches are sized by it */
std::unique_ptr<Timer> makeTimer(Mode mode, const Device& device, double launchNs);

}  // namespace orion::gpu
