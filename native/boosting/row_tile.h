// The bytes of some rows, block by block: a histogram's block is filled from it in one sweep through near memory.
#pragma once

#include <cstdint>
#include <vector>

#include "boosting/byte_matrix.h"

namespace orion::boosting {

/** One per thread. */
class RowTile {
 public:
  /** Rows of which a block's bytes, gradients and sums fit into the first-level cache together. */
  static constexpr std::uint32_t mostRows = 512;

  explicit RowTile(const ByteMatrix& matrix) : matrix_(matrix), bytes_(stride * matrix.blocks()) {}

  /**
   * Copies the blocks [first, last) of some rows.
   * @param rows [count], in any order @param count up to `mostRows` @param following rows after them, soon to be copied
   */
  void copy(const std::uint32_t* rows, std::uint32_t count, std::uint32_t following, std::uint32_t first,
            std::uint32_t last);

  /** The bytes of the rows copied last, in a block's columns: [count]. */
  const std::uint64_t* of(std::uint32_t block) const { return bytes_.data() + block * stride; }

 private:
  /** Not a power of two, or the same row of all blocks would compete for one cache set. */
  static constexpr std::size_t stride = mostRows + 8;

  const ByteMatrix& matrix_;
  std::vector<std::uint64_t> bytes_;  // [blocks, stride]
};

}  // namespace orion::boosting
