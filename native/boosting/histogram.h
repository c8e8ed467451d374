// Sums per bin of one column over the rows of one node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "boosting/bins.h"
#include "boosting/row_order.h"
#include "boosting/sums.h"

namespace orion::boosting {

using NodeRows = RowsOf<double>;

/** Sets `histogram` ([slots], the missing values' last) to the sums over the rows. */
void buildHistogram(const BinnedColumn& column, const NodeRows& node, Sums* histogram);

/** Takes the rows out of a histogram that holds them. */
void removeRows(const BinnedColumn& column, const NodeRows& node, Sums* histogram);

/** histogram -= other, slot by slot. */
void subtractHistogram(std::uint32_t slots, const Sums* other, Sums* histogram);

/**
 * The bins of a node that hold rows, from the highest value down, with running sums: entry i (1 ... size) holds the
 * sums over the i highest of them, entry 0 is empty. Missing values are left out.
 */
class OccupiedBins {
 public:
  /** @param slots the most that any column has */
  explicit OccupiedBins(std::uint32_t slots);

  void collect(const BinnedColumn& column, const Sums* histogram);

  /** From the rows themselves: touches only the bins that they are in, so it suits nodes of few rows. */
  void collect(const BinnedColumn& column, const NodeRows& node);

  std::uint32_t size() const { return size_; }
  std::uint32_t bin(std::uint32_t i) const { return bins_[i]; }
  Sums sumsFromTop(std::uint32_t i) const { return {gradients_[i], counts_[i]}; }

  // [size + 1], for loops over all entries
  const double* gradients() const { return gradients_.data(); }
  const double* counts() const { return counts_.data(); }

 private:
  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> bins_;
  std::vector<double> gradients_;
  std::vector<double> counts_;
  // Scratch of the second `collect`: all zero between calls. Bit b of `marks_` says that slot b holds rows.
  std::vector<Sums> slots_;
  std::vector<std::uint64_t> marks_;
};

}  // namespace orion::boosting
