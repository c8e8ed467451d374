#pragma once

#include "gpu/stream.h"
#include "gpu/work.h"

namespace orion::gpu {

/** A kernel with its data on the current device, ready to be launched again and again. */
class Kernel {
 public:
  virtual ~Kernel() = default;

  virtual Work work() const = 0;
  /** Queues the work; what it needs of other streams begins and ends on this one. */
  virtual void launch(const Stream& stream) = 0;
  /** Compares the output of the last launch with the host's own. Waits for the stream. */
  virtual Answer check(const Stream& stream) = 0;
};

}  // namespace orion::gpu
