#include "boosting/bins.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace orion::boosting {
namespace {

/** Distinct values in ascending order with the rows that have them. */
struct DistinctValues {
  std::vector<float> values;
  std::vector<std::uint32_t> rows;
};

DistinctValues countDistinct(std::vector<float>& present) {
  std::sort(present.begin(), present.end());
  DistinctValues distinct;
  for (const float value : present) {
    if (distinct.values.empty() || distinct.values.back() != value) {
      distinct.values.push_back(value);
      distinct.rows.push_back(0);
    }
    ++distinct.rows.back();
  }
  return distinct;
}

void oneBinPerValue(const DistinctValues& distinct, BinnedColumn& column) {
  column.smallest = distinct.values;
  column.largest = distinct.values;
}

/** Closes a bin as soon as it holds its share of the rows that are left for the bins that are left. */
void equalShares(const DistinctValues& distinct, std::size_t presentRows, std::uint32_t maxBins, BinnedColumn& column) {
  std::size_t rowsLeft = presentRows;
  std::size_t binsLeft = maxBins;
  std::size_t rowsInBin = 0;
  for (std::size_t i = 0; i < distinct.values.size(); ++i) {
    if (rowsInBin == 0) {
      column.smallest.push_back(distinct.values[i]);
      column.largest.push_back(distinct.values[i]);
    }
    column.largest.back() = distinct.values[i];
    rowsInBin += distinct.rows[i];
    if (binsLeft > 1 && rowsInBin * binsLeft >= rowsLeft) {
      rowsLeft -= rowsInBin;
      --binsLeft;
      rowsInBin = 0;
    }
  }
}

template <typename Bin>
void assignBins(const float* values, std::uint32_t rows, std::uint32_t columns, std::uint32_t index,
                const BinnedColumn& column, std::vector<Bin>& binOfRow) {
  binOfRow.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const float value = values[static_cast<std::size_t>(row) * columns + index];
    const auto bin = std::isnan(value) ? column.bins
                                       : std::lower_bound(column.largest.begin(), column.largest.end(), value) -
                                             column.largest.begin();
    binOfRow[row] = static_cast<Bin>(bin);
  }
}

}  // namespace

float BinnedColumn::thresholdBetween(std::uint32_t lower, std::uint32_t upper) const {
  const float below = largest[lower];
  const float above = smallest[upper];
  const float middle = (below + above) * 0.5f;
  // The sum may round down to `below` or overflow; the upper value itself parts the two as well.
  return middle > below && middle <= above ? middle : above;
}

float BinnedColumn::thresholdAfter(std::int32_t lower, std::uint32_t upper) const {
  if (lower < 0) return smallest.front();
  if (upper >= bins) return std::nextafter(largest.back(), std::numeric_limits<float>::infinity());
  return thresholdBetween(static_cast<std::uint32_t>(lower), upper);
}

BinnedColumn binColumn(const float* values, std::uint32_t rows, std::uint32_t columns, std::uint32_t index,
                       std::uint32_t maxBins) {
  std::vector<float> present;
  present.reserve(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const float value = values[static_cast<std::size_t>(row) * columns + index];
    if (!std::isnan(value)) present.push_back(value);
  }
  const DistinctValues distinct = countDistinct(present);

  BinnedColumn column;
  column.hasMissing = present.size() < rows;
  if (distinct.values.size() <= maxBins) {
    oneBinPerValue(distinct, column);
  } else {
    equalShares(distinct, present.size(), maxBins, column);
  }
  column.bins = static_cast<std::uint32_t>(column.largest.size());
  if (column.slots() <= std::numeric_limits<std::uint8_t>::max() + 1u) {
    assignBins(values, rows, columns, index, column, column.narrow);
  } else {
    assignBins(values, rows, columns, index, column, column.wide);
  }
  return column;
}

std::vector<BinnedColumn> binColumns(const float* features, std::uint32_t rows, std::uint32_t columns,
                                     std::uint32_t maxBins, ThreadPool& pool) {
  std::vector<BinnedColumn> binned(columns);
  pool.forEach(columns, [&](std::size_t column, std::size_t) {
    binned[column] = binColumn(features, rows, columns, static_cast<std::uint32_t>(column), maxBins);
  });
  return binned;
}

}  // namespace orion::boosting
