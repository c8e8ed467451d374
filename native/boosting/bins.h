// The feature matrix with every value replaced by the number of its bin.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "boosting/thread_pool.h"

namespace orion::boosting {

/** One column. Bins are numbered in ascending order of value; a missing value has the number `bins`. */
struct BinnedColumn {
  std::uint32_t bins = 0;
  bool hasMissing = false;
  // Smallest and largest training value of each bin: equal where the column has no more distinct values than bins.
  std::vector<float> smallest;
  std::vector<float> largest;
  // Bin of each row; `narrow` where the numbers fit into a byte, else `wide`.
  std::vector<std::uint8_t> narrow;
  std::vector<std::uint16_t> wide;

  bool isNarrow() const { return wide.empty(); }
  /** Numbers in use: the bins and, where there are missing values, theirs. */
  std::uint32_t slots() const { return bins + (hasMissing ? 1 : 0); }
  /** No split can part its rows. */
  bool isConstant() const { return slots() < 2; }

  std::uint32_t binOf(std::uint32_t row) const { return isNarrow() ? narrow[row] : wide[row]; }

  /**
   * The value that parts two bins, as XGBoost's exact method chooses it: midway between the nearest values; below it
   * lies everything of `lower`, at or above it everything of `upper`.
   */
  float thresholdBetween(std::uint32_t lower, std::uint32_t upper) const;

  /**
   * The value that parts the bins up to `lower` from those from `upper` on, midway; beyond the values of the column
   * where there are none on one side (`lower` -1, `upper` the number of bins or more).
   */
  float thresholdAfter(std::int32_t lower, std::uint32_t upper) const;
};

/**
 * Bins each column: one bin per distinct value while there are at most `maxBins`, else bins of nearly equal numbers of
 * rows, with equal values never parted (exact quantiles of the sorted column).
 * @param features [rows, columns] row-major, finite or NaN (missing)
 */
std::vector<BinnedColumn> binColumns(const float* features, std::uint32_t rows, std::uint32_t columns,
                                     std::uint32_t maxBins, ThreadPool& pool);

}  // namespace orion::boosting
