#include "boosting/bins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace orion::boosting {
namespace {

/** A value that is there, as a number that sorts as the value does, and its row. */
struct Entry {
  std::uint32_t key;
  std::uint32_t row;
};

constexpr std::uint32_t signBit = 1u << 31;

/** Negative numbers in reverse below the positive ones; both zeros are one value. */
std::uint32_t keyOf(float value) {
  std::uint32_t bits;
  const float oneZero = value + 0.0f;
  std::memcpy(&bits, &oneZero, sizeof bits);
  return (bits & signBit) ? ~bits : bits | signBit;
}

float valueOf(std::uint32_t key) {
  const std::uint32_t bits = (key & signBit) ? key & ~signBit : ~key;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/**
 * Ascending by key, rows of equal keys in their order: radix sort, the lowest digit first.
 * @param other room for as many
 */
void sortByKey(std::vector<Entry>& entries, std::vector<Entry>& other) {
  constexpr int digitBits = 11;
  constexpr std::uint32_t digits = 1u << digitBits;
  other.resize(entries.size());
  for (int shift = 0; shift < 32; shift += digitBits) {
    const auto digitOf = [shift](const Entry& entry) { return (entry.key >> shift) & (digits - 1); };
    std::array<std::uint32_t, digits> places{};
    for (const Entry& entry : entries) ++places[digitOf(entry)];
    std::exclusive_scan(places.begin(), places.end(), places.begin(), 0u);
    for (const Entry& entry : entries) other[places[digitOf(entry)]++] = entry;
    entries.swap(other);
  }
}

/** Distinct values in ascending order with the number of rows that have them. */
struct DistinctValues {
  std::vector<float> values;
  std::vector<std::uint32_t> rows;
};

/** @param entries sorted */
DistinctValues countDistinct(const std::vector<Entry>& entries) {
  DistinctValues distinct;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == 0 || entries[i].key != entries[i - 1].key) {
      distinct.values.push_back(valueOf(entries[i].key));
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

/** @param entries sorted */
template <typename Bin>
void assignBins(const std::vector<Entry>& entries, std::uint32_t rows, const BinnedColumn& column,
                std::vector<Bin>& binOfRow) {
  binOfRow.assign(rows, static_cast<Bin>(column.bins));
  std::uint32_t bin = 0;
  for (const Entry& entry : entries) {
    while (valueOf(entry.key) > column.largest[bin]) ++bin;
    binOfRow[entry.row] = static_cast<Bin>(bin);
  }
}

/** Columns read together: their values share a row's cache lines. */
constexpr std::uint32_t columnsPerTask = 4;

/** Memory that serves one task after another. */
struct Scratch {
  std::array<std::vector<Entry>, columnsPerTask> entries;
  std::vector<Entry> other;
};

/** Sets the entries of the columns from `first` on, `count` of them. @param features [rows, columns] row-major */
void readColumns(const float* features, std::uint32_t rows, std::uint32_t columns, std::uint32_t first,
                 std::uint32_t count, Scratch& scratch) {
  for (std::uint32_t i = 0; i < count; ++i) {
    scratch.entries[i].clear();
    scratch.entries[i].reserve(rows);
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    const float* values = features + static_cast<std::size_t>(row) * columns + first;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!std::isnan(values[i])) scratch.entries[i].push_back({keyOf(values[i]), row});
    }
  }
}

/** Sorts the entries; see binColumns. @param other room for as many */
BinnedColumn binColumn(std::vector<Entry>& entries, std::vector<Entry>& other, std::uint32_t rows,
                       std::uint32_t maxBins) {
  sortByKey(entries, other);
  const DistinctValues distinct = countDistinct(entries);

  BinnedColumn column;
  column.hasMissing = entries.size() < rows;
  if (distinct.values.size() <= maxBins) {
    oneBinPerValue(distinct, column);
  } else {
    equalShares(distinct, entries.size(), maxBins, column);
  }
  column.bins = static_cast<std::uint32_t>(column.largest.size());
  if (column.slots() <= std::numeric_limits<std::uint8_t>::max() + 1u) {
    assignBins(entries, rows, column, column.narrow);
  } else {
    assignBins(entries, rows, column, column.wide);
  }
  return column;
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

std::vector<BinnedColumn> binColumns(const float* features, std::uint32_t rows, std::uint32_t columns,
                                     std::uint32_t maxBins, ThreadPool& pool) {
  std::vector<BinnedColumn> binned(columns);
  std::vector<Scratch> scratches(pool.threads());
  pool.forEach((columns + columnsPerTask - 1) / columnsPerTask, [&](std::size_t task, std::size_t worker) {
    Scratch& scratch = scratches[worker];
    const auto first = static_cast<std::uint32_t>(task) * columnsPerTask;
    const std::uint32_t count = std::min(columnsPerTask, columns - first);
    readColumns(features, rows, columns, first, count, scratch);
    for (std::uint32_t i = 0; i < count; ++i) {
      binned[first + i] = binColumn(scratch.entries[i], scratch.other, rows, maxBins);
    }
  });
  return binned;
}

}  // namespace orion::boosting
