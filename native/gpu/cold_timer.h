#pragma once

#include <cstddef>
#include <optional>

#include "gpu/buffer.h"
#include "gpu/event.h"
#include "gpu/gate.h"
#include "gpu/stream.h"

namespace orion::gpu {

/** Times work on a stream with cold caches and without launch overhead. */
class ColdTimer {
 public:
  /** @param l2Bytes of the device; 0 = it has none to flush */
  explicit ColdTimer(std::size_t l2Bytes);

  const Stream& stream() const { return stream_; }

  /** @param launch callable: queues the work on `stream()`. Returns the time between events around it, ns. */
  template <typename Launch>
  double timeNs(Launch&& launch) {
    flushL2();
    gate_.close(stream_);
    start_.record(stream_);
    launch();
    stop_.record(stream_);
    gate_.open();
    stop_.synchronize();
    gate_.requireHeld();
    return stop_.nsSince(start_);
  }

  /** Median time between two events with nothing in between, ns. */
  double emptyNs();

 private:
  void flushL2();

  Stream stream_;
  Event start_;
  Event stop_;
  Gate gate_;
  std::optional<Buffer<unsigned char>> flush_;
};

}  // namespace orion::gpu
