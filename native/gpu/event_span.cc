#include "gpu/event_span.h"

#include <vector>

#include "timing/statistics.h"

namespace orion::gpu {
namespace {

constexpr int emptySamples = 101;

}  // namespace

EventSpan::EventSpan() {
  // Once with the gate open: code is loaded at its first launch, and loading waits for streams that are held back.
  const Stream stream;
  gate_.queue(stream);
  probe_.begin(stream);
  probe_.end(stream);
  stream.synchronize();
}

double EventSpan::emptyNs(const Stream& stream) {
  std::vector<double> samples;
  for (int i = 0; i < emptySamples; ++i) samples.push_back(time(stream, [] {}).ns);
  return timing::summarize(samples).median;
}

}  // namespace orion::gpu
