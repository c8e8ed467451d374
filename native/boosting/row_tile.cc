#include "boosting/row_tile.h"

#include <algorithm>
#include <cstring>

namespace orion::boosting {
namespace {

/** Rows from the one that is copied to the one that is fetched ahead of it. */
constexpr std::uint32_t prefetchDistance = 24;
constexpr std::size_t cacheLine = 64;

}  // namespace

void RowTile::copy(const std::uint32_t* rows, std::uint32_t count, std::uint32_t following, std::uint32_t first,
                   std::uint32_t last) {
  const std::size_t offset = first * sizeof(std::uint64_t);
  const std::size_t length = (last - first) * sizeof(std::uint64_t);
  const std::uint32_t known = count + following;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint8_t* ahead = matrix_.row(rows[std::min(i + prefetchDistance, known - 1)]) + offset;
    for (std::size_t line = 0; line < length + cacheLine; line += cacheLine) __builtin_prefetch(ahead + line);
    const std::uint8_t* row = matrix_.row(rows[i]);
    for (std::uint32_t block = first; block < last; ++block) {
      std::memcpy(&bytes_[block * stride + i], row + block * sizeof(std::uint64_t), sizeof(std::uint64_t));
    }
  }
}

}  // namespace orion::boosting
