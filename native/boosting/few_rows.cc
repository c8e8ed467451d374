#include "boosting/few_rows.h"

#include <algorithm>
#include <cstdlib>

#include "base/vector_clones.h"
#include "boosting/vector_splits.h"

namespace orion::boosting {
namespace {

constexpr int shortCountBits = 6;
static_assert(FewRowsFinder::mostRows < (1 << shortCountBits), "a number of rows must fit");

/** See FewRowsFinder::find. @param bytes [count] @param values [count] */
ORION_WIDE_CLONES
void tryEachRow(const StoredShortIntegers* bytes, const std::int32_t* values, std::uint32_t count, int shift,
                bool hasMissing, const PackedPenalties& penalties, BlockSplits& splits) {
  VectorSplits best(penalties, splits);
  const float step = static_cast<float>(std::int64_t{1} << shift);
  std::int32_t sum = 0;
  for (std::uint32_t i = 0; i < count; ++i) sum += values[i];
  const auto offer = [&](const ShortIntegers& left, const ShortIntegers& byte, std::int32_t missingLeft)
      __attribute__((always_inline)) {
    // Whole numbers to the end: columns that part the rows alike, or the other way round, tie exactly.
    const ShortIntegers right = sum - left;
    constexpr std::int32_t countMask = (1 << shortCountBits) - 1;
    best.offer(__builtin_convertvector(left >> shortCountBits, Floats) * step,
               __builtin_convertvector(left & countMask, Floats),
               __builtin_convertvector(right >> shortCountBits, Floats) * step,
               __builtin_convertvector(right & countMask, Floats), byte, missingLeft);
  };

  ShortIntegers missing{};
  if (hasMissing) {
    for (std::uint32_t i = 0; i < count; ++i) missing += (bytes[i] == 0) & values[i];
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const ShortIntegers byte = bytes[i];
    ShortIntegers left{};
    for (std::uint32_t j = 0; j < count; ++j) left += (bytes[j] <= byte) & values[j];
    offer(left, byte, 1);
    if (hasMissing) offer(left - missing, byte, 0);
  }
  best.store(splits);
}

}  // namespace

void FewRowsFinder::begin(const PackedRows& rows) {
  count_ = rows.count;
  std::int64_t largest = 0;
  for (std::uint32_t i = 0; i < count_; ++i) largest = std::max(largest, std::abs(gradientOf(rows.gradients[i])));
  // The sum of all rows must stay below 2^(31 - shortCountBits).
  shift_ = 0;
  while (((largest >> shift_) + 1) * count_ >= (std::int64_t{1} << (31 - shortCountBits))) ++shift_;
  for (std::uint32_t i = 0; i < count_; ++i) {
    values_[i] = static_cast<std::int32_t>(gradientOf(rows.gradients[i]) >> shift_) * (1 << shortCountBits) + 1;
    const std::uint8_t* row = matrix_.row(rows.rows[i]);
    for (std::uint32_t block = 0; block < matrix_.blocks(); ++block) {
      std::int32_t* to = bytes_.data() + (block * mostRows + i) * vectorWidth;
      std::copy_n(row + block * vectorWidth, vectorWidth, to);
    }
  }
}

void FewRowsFinder::find(std::uint32_t block, const PackedPenalties& penalties, BlockSplits& splits) const {
  tryEachRow(reinterpret_cast<const StoredShortIntegers*>(bytes_.data() + block * mostRows * vectorWidth), values_,
             count_, shift_, matrix_.hasMissing(block), penalties, splits);
}

}  // namespace orion::boosting
