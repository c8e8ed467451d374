// The binned features row by row: one byte per value, in blocks of eight columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "boosting/bins.h"
#include "boosting/thread_pool.h"

namespace orion::boosting {

/**
 * A value's byte is 0 where it is missing, else the number of its bin plus 1. A row takes a whole number of blocks; the
 * bytes beyond the last column are 0.
 */
class ByteMatrix {
 public:
  static constexpr std::uint32_t columnsPerBlock = 8;
  /** Bins that fit beside the missing values'. */
  static constexpr std::uint32_t mostBins = 255;

  /** @param columns none with more than `mostBins` bins */
  ByteMatrix(const std::vector<BinnedColumn>& columns, std::uint32_t rows, ThreadPool& pool);

  std::uint32_t blocks() const { return static_cast<std::uint32_t>(blocks_.size()); }
  std::size_t bytesPerRow() const { return blocks_.size() * columnsPerBlock; }
  const std::uint8_t* row(std::uint32_t row) const { return bytes_.data() + row * bytesPerRow(); }

  /** Bytes in use: 1 + the most bins of a column of the block. */
  std::uint32_t slots(std::uint32_t block) const { return blocks_[block].slots; }
  bool hasMissing(std::uint32_t block) const { return blocks_[block].hasMissing; }

 private:
  struct Block {
    std::uint32_t slots = 1;
    bool hasMissing = false;
  };

  std::vector<Block> blocks_;
  std::vector<std::uint8_t> bytes_;  // [rows, blocks * columnsPerBlock]
};

}  // namespace orion::boosting
