// The search for the best split of a node of few rows: every value of every row is tried, without a histogram.
#pragma once

#include <cstdint>
#include <vector>

#include "boosting/packed_histogram.h"

namespace orion::boosting {

/** Searches nodes of at most `mostRows` rows; one per thread. */
class FewRowsFinder {
 public:
  static constexpr std::uint32_t mostRows = 48;

  explicit FewRowsFinder(const ByteMatrix& matrix) : matrix_(matrix), bytes_(mostRows * matrix.bytesPerRow()) {}

  /** Copies what is known of the node's rows. */
  void begin(const PackedRows& rows);

  /**
   * The best splits of a block of the node, as findPacked finds them. Sums are kept in 32 bits, so gradients lose what
   * is below 2^-18 of the node's largest one.
   */
  void find(std::uint32_t block, const PackedPenalties& penalties, BlockSplits& splits) const;

 private:
  const ByteMatrix& matrix_;
  std::uint32_t count_ = 0;
  int shift_ = 0;
  std::vector<std::int32_t> bytes_;  // [blocks, mostRows, columnsPerBlock]
  std::int32_t values_[mostRows];    // (gradient >> shift_) * 2^countBits + 1, in its own countBits
};

}  // namespace orion::boosting
