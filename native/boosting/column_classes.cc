#include "boosting/column_classes.h"

#include <unordered_map>

namespace orion::boosting {
namespace {

/** Reads the bins of the class' direction: the first row that is not in a middle bin is in the lower half. */
class DirectedBins {
 public:
  DirectedBins(const BinnedColumn& column, std::uint32_t rows) : column_(column) {
    if (column.hasMissing) return;
    for (std::uint32_t row = 0; row < rows; ++row) {
      const std::uint32_t twice = 2 * column.binOf(row);
      if (twice == column.bins - 1) continue;
      isReversed_ = twice > column.bins - 1;
      return;
    }
  }

  std::uint32_t operator[](std::uint32_t row) const {
    const std::uint32_t bin = column_.binOf(row);
    return isReversed_ ? column_.bins - 1 - bin : bin;
  }

 private:
  const BinnedColumn& column_;
  bool isReversed_ = false;
};

bool areAlike(const BinnedColumn& a, const BinnedColumn& b, std::uint32_t rows) {
  if (a.bins != b.bins || a.hasMissing != b.hasMissing) return false;
  const DirectedBins ofA(a, rows);
  const DirectedBins ofB(b, rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (ofA[row] != ofB[row]) return false;
  }
  return true;
}

/** FNV-1a. */
std::uint64_t hashOf(const BinnedColumn& column, std::uint32_t rows) {
  const DirectedBins bins(column, rows);
  std::uint64_t hash = 14695981039346656037u;
  for (std::uint32_t row = 0; row < rows; ++row) hash = (hash ^ bins[row]) * 1099511628211u;
  return hash;
}

}  // namespace

std::vector<std::uint32_t> columnClasses(const std::vector<BinnedColumn>& columns, std::uint32_t rows) {
  std::vector<std::uint32_t> classes(columns.size());
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> lowestByHash;
  for (std::uint32_t column = 0; column < columns.size(); ++column) {
    std::vector<std::uint32_t>& candidates = lowestByHash[hashOf(columns[column], rows)];
    classes[column] = column;
    for (const std::uint32_t candidate : candidates) {
      if (areAlike(columns[candidate], columns[column], rows)) classes[column] = candidate;
    }
    if (classes[column] == column) candidates.push_back(column);
  }
  return classes;
}

std::vector<std::uint32_t> distinctColumns(const std::vector<std::uint32_t>& drawn,
                                           const std::vector<std::uint32_t>& classes,
                                           const std::vector<BinnedColumn>& columns) {
  std::vector<bool> isTaken(columns.size());
  std::vector<std::uint32_t> distinct;
  for (const std::uint32_t column : drawn) {
    if (columns[column].isConstant() || isTaken[classes[column]]) continue;
    isTaken[classes[column]] = true;
    distinct.push_back(column);
  }
  return distinct;
}

}  // namespace orion::boosting
