// The column that parts a node of few rows best, for sums in double precision: all columns side by side, in vectors.
#pragma once

#include <cstdint>
#include <vector>

#include "boosting/bins.h"
#include "boosting/histogram.h"
#include "boosting/split.h"

namespace orion::boosting {

/** The bins of a tree's columns, row by row. Without missing values. */
class RowBins {
 public:
  static constexpr std::uint32_t columnsPerBlock = 8;

  /** Reads these columns from now on. */
  void choose(const std::vector<BinnedColumn>& columns, const std::vector<std::uint32_t>& chosen, std::uint32_t rows);

  const std::vector<std::uint32_t>& columns() const { return chosen_; }
  std::uint32_t blocks() const { return width_ / columnsPerBlock; }
  /** [blocks * columnsPerBlock], 0 beyond the last column. */
  const std::uint16_t* row(std::uint32_t row) const { return bins_.data() + static_cast<std::size_t>(row) * width_; }

 private:
  std::vector<std::uint32_t> chosen_;
  std::uint32_t width_ = 0;
  std::vector<std::uint16_t> bins_;  // [rows, width_]
};

/** Searches nodes of at most `mostRows` rows; one per thread. */
class PreciseFewRows {
 public:
  static constexpr std::uint32_t mostRows = 24;
  static constexpr std::uint32_t noColumn = ~0u;

  /**
   * The lowest column that offers the greatest gain, compared in the precision of `SplitFinder`; noColumn where none
   * offers any.
   * @param nodeGain objective.gain(sums)
   */
  std::uint32_t bestColumn(const RowBins& bins, const NodeRows& node, const Sums& sums, float nodeGain,
                           const Objective& objective);

 private:
  std::vector<double> bins_;  // [blocks, mostRows, columnsPerBlock]
};

}  // namespace orion::boosting
