#include "boosting/byte_matrix.h"

#include <algorithm>

namespace orion::boosting {
namespace {

constexpr std::uint32_t rowsPerTask = 4096;

}  // namespace

ByteMatrix::ByteMatrix(const std::vector<BinnedColumn>& columns, std::uint32_t rows, ThreadPool& pool)
    : blocks_((columns.size() + columnsPerBlock - 1) / columnsPerBlock), bytes_(rows * bytesPerRow(), 0) {
  for (std::size_t column = 0; column < columns.size(); ++column) {
    Block& block = blocks_[column / columnsPerBlock];
    block.slots = std::max(block.slots, columns[column].bins + 1);
    block.hasMissing |= columns[column].hasMissing;
  }
  pool.forEach((rows + rowsPerTask - 1) / rowsPerTask, [&](std::size_t task, std::size_t) {
    const auto first = static_cast<std::uint32_t>(task) * rowsPerTask;
    const std::uint32_t last = std::min(rows, first + rowsPerTask);
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const std::uint32_t missingBin = columns[column].bins;
      for (std::uint32_t row = first; row < last; ++row) {
        const std::uint32_t bin = columns[column].binOf(row);
        bytes_[row * bytesPerRow() + column] = static_cast<std::uint8_t>(bin == missingBin ? 0 : bin + 1);
      }
    }
  });
}

}  // namespace orion::boosting
