#include "boosting/histogram_store.h"

namespace orion::boosting {

HistogramStore::HistogramStore(const std::vector<BinnedColumn>& columns) : offsets_{0} {
  for (const auto& column : columns) offsets_.push_back(offsets_.back() + column.slots());
}

std::int32_t HistogramStore::acquire() {
  if (free_.empty()) {
    buffers_.push_back(std::make_unique<Sums[]>(offsets_.back()));
    return static_cast<std::int32_t>(buffers_.size() - 1);
  }
  const std::int32_t histogram = free_.back();
  free_.pop_back();
  return histogram;
}

void HistogramStore::release(std::int32_t histogram) {
  if (histogram != none) free_.push_back(histogram);
}

}  // namespace orion::boosting
