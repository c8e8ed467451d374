// The rows of a tree, ordered so that those of a node stand together.
#pragma once

#include <cstdint>
#include <vector>

#include "boosting/bins.h"
#include "boosting/histogram.h"
#include "boosting/split.h"

namespace orion::boosting {

/** Positions [begin, end) in the order. */
struct RowRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
};

class RowOrder {
 public:
  /** Starts a tree. @param gradients of all rows, by row */
  void reset(const std::vector<std::uint32_t>& rows, const std::vector<double>& gradients);

  NodeRows rowsOf(RowRange range) const {
    return {rows_.data() + range.begin, gradients_.data() + range.begin, range.size()};
  }

  /**
   * Moves the rows of the left child before those of the right one, each in their old order, and returns where the
   * right ones begin. Disjoint ranges may be parted at the same time.
   */
  std::uint32_t part(RowRange range, const Split& split, const BinnedColumn& column);

 private:
  template <typename Bin>
  std::uint32_t partBy(const Bin* binOfRow, RowRange range, const Split& split, std::uint32_t missingBin);

  std::vector<std::uint32_t> rows_;
  std::vector<double> gradients_;
  std::vector<std::uint32_t> rightRows_;  // scratch, as long as rows_
  std::vector<double> rightGradients_;
};

}  // namespace orion::boosting
