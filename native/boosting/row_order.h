// The rows of a tree, ordered so that those of a node stand together.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "boosting/bins.h"

namespace orion::boosting {

/** Positions [begin, end) in the order. */
struct RowRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
};

/** The rows of a node with their gradients. */
template <typename Gradient>
struct RowsOf {
  const std::uint32_t* rows;
  const Gradient* gradients;  // of rows[i], not indexed by row
  std::uint32_t count;
};

/** Which side of a split a row goes to. */
struct Parting {
  std::int32_t lastLeftBin = -1;  // bins up to this one go left; -1: none
  bool missingLeft = true;
};

/** What parting found. */
struct Parted {
  std::uint32_t middle = 0;  // where the right rows begin
  // The lowest bin above `lastLeftBin` that rows of the range are in; the missing values' (or more) if there is none.
  std::uint32_t firstRightBin = std::numeric_limits<std::uint32_t>::max();
};

/** @tparam Gradient double, or Packed */
template <typename Gradient>
class RowOrder {
 public:
  /** Starts a tree. @param gradients of all rows, by row */
  void reset(const std::vector<std::uint32_t>& rows, const std::vector<Gradient>& gradients);

  RowsOf<Gradient> rowsOf(RowRange range) const {
    return {rows_.data() + range.begin, gradients_.data() + range.begin, range.size()};
  }

  /**
   * Moves the rows of the left child before those of the right one, each in their old order. Disjoint ranges may be
   * parted at the same time.
   */
  Parted part(RowRange range, Parting parting, const BinnedColumn& column);

 private:
  template <typename Bin>
  Parted partBy(const Bin* binOfRow, RowRange range, Parting parting, std::uint32_t missingBin);

  std::vector<std::uint32_t> rows_;
  std::vector<Gradient> gradients_;
  std::vector<std::uint32_t> rightRows_;  // scratch, as long as rows_
  std::vector<Gradient> rightGradients_;
};

}  // namespace orion::boosting
