#include "boosting/packed_histogram.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/vector_clones.h"
#include "boosting/vector_splits.h"

namespace orion::boosting {
namespace {

constexpr int width = vectorWidth;

/** Rows whose bytes stay in the first-level cache while the blocks pass over them. */
constexpr std::uint32_t rowsPerChunk = 128;
/** Rows from the one that is added to the one that is fetched ahead of it. */
constexpr std::uint32_t prefetchDistance = 32;

template <bool add>
ORION_INLINE void addBlock(std::uint64_t bytes, Packed value, Packed* block) {
#pragma GCC unroll 8
  for (int column = 0; column < width; ++column) {
    Packed& slot = block[((bytes >> (8 * column)) & 255) * width + column];
    slot += add ? value : -value;
  }
}

template <bool add>
void passRows(const ByteMatrix& matrix, std::uint32_t first, std::uint32_t last, const PackedRows& rows,
              Packed* histogram) {
  const std::size_t stride = matrix.bytesPerRow();
  const std::uint8_t* bytes = matrix.row(0);
  const std::size_t lines = (last - first) * width / 64;
  for (std::uint32_t begin = 0; begin < rows.count; begin += rowsPerChunk) {
    const std::uint32_t end = std::min(rows.count, begin + rowsPerChunk);
    for (std::uint32_t block = first; block < last; ++block) {
      Packed* sums = histogram + block * packedSlotsPerBlock;
      const std::uint8_t* column = bytes + block * width;
      for (std::uint32_t i = begin; i < end; ++i) {
        if (block == first) {
          const std::uint8_t* ahead = column + rows.rows[std::min(i + prefetchDistance, rows.count - 1)] * stride;
          for (std::size_t line = 0; line <= lines; ++line) __builtin_prefetch(ahead + 64 * line);
        }
        std::uint64_t eight;
        std::memcpy(&eight, column + rows.rows[i] * stride, sizeof eight);
        addBlock<add>(eight, rows.gradients[i], sums);
      }
    }
  }
}

template <bool subtract>
ORION_INLINE void find(const Packed* other, Packed* block, std::uint32_t slots, bool hasMissing, Packed node,
                       const PackedPenalties& penalties, BlockSplits& splits) {
  const StoredIntegers* others = reinterpret_cast<const StoredIntegers*>(other);
  StoredIntegers* sums = reinterpret_cast<StoredIntegers*>(block);
  VectorSplits best(penalties, splits);
  const auto offer = [&](const Integers& left, const ShortIntegers& byte, std::int32_t missingLeft)
      __attribute__((always_inline)) {
    const Integers right = node - left;
    constexpr std::int64_t countMask = mostPackedRows;
    best.offer(__builtin_convertvector(left >> countBits, Floats), __builtin_convertvector(left & countMask, Floats),
               __builtin_convertvector(right >> countBits, Floats), __builtin_convertvector(right & countMask, Floats),
               byte, missingLeft);
  };
  Integers left{};
  Integers missing{};
  for (std::uint32_t byte = 0; byte < slots; ++byte) {
    if constexpr (subtract) sums[byte] -= others[byte];
    left += sums[byte];
    if (byte == 0) missing = left;
    const ShortIntegers bytes = static_cast<std::int32_t>(byte) - ShortIntegers{};
    offer(left, bytes, 1);
    if (hasMissing) offer(left - missing, bytes, 0);
  }
  best.store(splits);
}

}  // namespace

float packedGain(Packed sums, const PackedPenalties& penalties) {
  const float magnitude = std::abs(static_cast<float>(gradientOf(sums)));
  const float shrunk = std::max(magnitude - penalties.alpha, 0.0f);
  return shrunk * shrunk / (static_cast<float>(countOf(sums)) + penalties.lambda);
}

void buildPacked(const ByteMatrix& matrix, std::uint32_t first, std::uint32_t last, const PackedRows& rows,
                 Packed* histogram) {
  for (std::uint32_t block = first; block < last; ++block) {
    std::fill_n(histogram + block * packedSlotsPerBlock, matrix.slots(block) * width, Packed{0});
  }
  passRows<true>(matrix, first, last, rows, histogram);
}

void removePacked(const ByteMatrix& matrix, std::uint32_t first, std::uint32_t last, const PackedRows& rows,
                  Packed* histogram) {
  passRows<false>(matrix, first, last, rows, histogram);
}

ORION_WIDE_CLONES
void findPacked(const Packed* block, std::uint32_t slots, bool hasMissing, Packed node,
                const PackedPenalties& penalties, BlockSplits& splits) {
  find<false>(nullptr, const_cast<Packed*>(block), slots, hasMissing, node, penalties, splits);
}

ORION_WIDE_CLONES
void subtractAndFindPacked(const Packed* other, Packed* block, std::uint32_t slots, bool hasMissing, Packed node,
                           const PackedPenalties& penalties, BlockSplits& splits) {
  find<true>(other, block, slots, hasMissing, node, penalties, splits);
}

}  // namespace orion::boosting
