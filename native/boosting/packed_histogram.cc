#include "boosting/packed_histogram.h"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.h"
#include "boosting/vector_splits.h"

namespace orion::boosting {
namespace {

constexpr int width = vectorWidth;

template <bool add>
void pass(const std::uint64_t* bytes, const Packed* gradients, std::uint32_t count, Packed* block) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t eight = bytes[i];
    const Packed value = add ? gradients[i] : -gradients[i];
#pragma GCC unroll 8
    for (int column = 0; column < width; ++column) block[((eight >> (8 * column)) & 255) * width + column] += value;
  }
}

/** Offers the splits of one node's block, byte by byte. */
class BlockSearch {
 public:
  ORION_INLINE BlockSearch(const PackedBlock& block, const PackedPenalties& penalties, const BlockSplits& splits)
      : node_(block.node), hasMissing_(block.hasMissing), best_(penalties, splits) {}

  /** @param sums of the rows with this byte */
  ORION_INLINE void next(const Integers& sums, std::int32_t byte) {
    left_ += sums;
    if (byte == 0) missing_ = left_;
    offer(left_, byte, 1);
    if (hasMissing_) offer(left_ - missing_, byte, 0);
  }

  ORION_INLINE void store(BlockSplits& splits) const { best_.store(splits); }

 private:
  ORION_INLINE void offer(const Integers& left, std::int32_t byte, std::int32_t missingLeft) {
    const Integers right = node_ - left;
    constexpr std::int64_t countMask = mostPackedRows;
    best_.offer(__builtin_convertvector(left >> countBits, Floats), __builtin_convertvector(left & countMask, Floats),
                __builtin_convertvector(right >> countBits, Floats), __builtin_convertvector(right & countMask, Floats),
                byte - ShortIntegers{}, missingLeft);
  }

  const Packed node_;
  const bool hasMissing_;
  VectorSplits best_;
  Integers left_{};
  Integers missing_{};
};

}  // namespace

float packedGain(Packed sums, const PackedPenalties& penalties) {
  const float magnitude = std::abs(static_cast<float>(gradientOf(sums)));
  const float shrunk = std::max(magnitude - penalties.alpha, 0.0f);
  return shrunk * shrunk / (static_cast<float>(countOf(sums)) + penalties.lambda);
}

void addPacked(const std::uint64_t* bytes, const Packed* gradients, std::uint32_t count, Packed* block) {
  pass<true>(bytes, gradients, count, block);
}

void removePacked(const std::uint64_t* bytes, const Packed* gradients, std::uint32_t count, Packed* block) {
  pass<false>(bytes, gradients, count, block);
}

ORION_WIDE_CLONES
void findPacked(const PackedBlock& block, const PackedPenalties& penalties, BlockSplits& splits) {
  const StoredIntegers* sums = reinterpret_cast<const StoredIntegers*>(block.sums);
  BlockSearch search(block, penalties, splits);
  for (std::uint32_t byte = 0; byte < block.slots; ++byte) search.next(sums[byte], static_cast<std::int32_t>(byte));
  search.store(splits);
}

ORION_WIDE_CLONES
void subtractAndFindPacked(const PackedBlock& block, const PackedBlock& sibling, const PackedPenalties& penalties,
                           BlockSplits& splits, BlockSplits& siblingSplits) {
  const StoredIntegers* sums = reinterpret_cast<const StoredIntegers*>(block.sums);
  StoredIntegers* siblingSums = reinterpret_cast<StoredIntegers*>(sibling.sums);
  BlockSearch search(block, penalties, splits);
  BlockSearch siblingSearch(sibling, penalties, siblingSplits);
  for (std::uint32_t byte = 0; byte < block.slots; ++byte) {
    const auto number = static_cast<std::int32_t>(byte);
    siblingSums[byte] -= sums[byte];
    search.next(sums[byte], number);
    siblingSearch.next(siblingSums[byte], number);
  }
  search.store(splits);
  siblingSearch.store(siblingSplits);
}

}  // namespace orion::boosting
