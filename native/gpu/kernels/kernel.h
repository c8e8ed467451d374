#pragma once

#include "gpu/stream.h"

namespace orion::gpu {

/** A kernel with its data on the current device, ready to be launched again and again. */
class Kernel {
 public:
  virtual ~Kernel() = default;

  virtual double bytesPerLaunch() const = 0;
  virtual double flopsPerLaunch() const = 0;
  virtual void launch(const Stream& stream) = 0;
  /** Compares the output of the last launch with the host's own. */
  virtual bool answerIsCorrect(const Stream& stream) const = 0;
};

}  // namespace orion::gpu
