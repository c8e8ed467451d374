#include "gpu/event_span.h"

#include "gpu/empty_time.h"

namespace orion::gpu {

EventSpan::EventSpan() {
  // Once with the gate open: code is loaded at its first launch, and loading waits for streams that are held back.
  const Stream stream;
  gate_.queue(stream);
  probe_.begin(stream);
  probe_.end(stream);
  stream.synchronize();
}

double EventSpan::emptyNs(const Stream& stream) {
  return emptyTimeNs([&] { return time(stream, [] {}).ns; });
}

}  // namespace orion::gpu
