#pragma once

#include "gpu/stream.h"

namespace orion::gpu {

/**
 * Holds a stream back until the host has queued everything behind it, so that the time between two events holds no
 * launch overhead. A kernel spins on a flag in host memory; it gives up after a time-out, since a launch that waits for
 * it (CUDA_LAUNCH_BLOCKING, a profiler) would never return.
 */
class Gate {
 public:
  Gate();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /** Queues the kernel that waits, whether the gate is open or closed. */
  void queue(const Stream& stream);
  void close(const Stream& stream);
  void open();
  /** Once the stream has passed: throws Io if it gave up waiting. */
  void requireHeld() const;

 private:
  struct Flags {
    int open;
    int timedOut;
  };

  volatile Flags* flags_ = nullptr;  // pinned, seen by host and device
  Flags* deviceFlags_ = nullptr;
  cudaStream_t stream_ = nullptr;  // last held back
};

}  // namespace orion::gpu
