#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "boosting/bins.h"
#include "boosting/sums.h"

namespace orion::boosting {

/** Histograms of all columns for the nodes that have one; freed ones are used again. */
class HistogramStore {
 public:
  static constexpr std::int32_t none = -1;

  explicit HistogramStore(const std::vector<BinnedColumn>& columns);

  /** A histogram with undefined contents. */
  std::int32_t acquire();
  void release(std::int32_t histogram);

  /** The slots of one column. */
  Sums* of(std::int32_t histogram, std::uint32_t column) { return buffers_[histogram].get() + offsets_[column]; }

 private:
  std::vector<std::size_t> offsets_;  // [columns + 1]
  std::vector<std::unique_ptr<Sums[]>> buffers_;
  std::vector<std::int32_t> free_;
};

}  // namespace orion::boosting
