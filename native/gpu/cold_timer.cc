#include <algorithm>
#include <vector>

#include "gpu/cold_timer.h"
#include "timing/statistics.h"

namespace orion::gpu {
namespace {

constexpr int emptySamples = 101;

}  // namespace

ColdTimer::ColdTimer(std::size_t l2Bytes) {
  if (l2Bytes > 0) flush_.emplace(l2Bytes);
}

void ColdTimer::flushL2() {
  if (flush_) CUDA_CALL(cudaMemsetAsync(flush_->data(), 0, flush_->bytes(), stream_.get()));
}

double ColdTimer::emptyNs() {
  std::vector<double> samples;
  for (int i = 0; i < emptySamples; ++i) samples.push_back(timeNs([] {}));
  return timing::summarize(samples).median;
}

}  // namespace orion::gpu
