// The best split of each of eight columns, kept in vectors. Included only by the functions that search.
#pragma once

#include <cstdint>
#include <cstring>

#include "boosting/packed_histogram.h"

namespace orion::boosting {

constexpr int vectorWidth = ByteMatrix::columnsPerBlock;

typedef std::int64_t Integers __attribute__((vector_size(vectorWidth * 8)));
typedef std::int32_t ShortIntegers __attribute__((vector_size(vectorWidth * 4)));
typedef float Floats __attribute__((vector_size(vectorWidth * 4)));
/** The same in arrays, which are aligned for their elements only. */
typedef std::int64_t StoredIntegers __attribute__((vector_size(vectorWidth * 8), aligned(8)));
typedef std::int32_t StoredShortIntegers __attribute__((vector_size(vectorWidth * 4), aligned(4)));

/** Members are inlined into functions compiled for several processors, which must not be called with vectors. */
#define ORION_INLINE inline __attribute__((always_inline))

class VectorSplits {
 public:
  ORION_INLINE VectorSplits(const PackedPenalties& penalties, const BlockSplits& splits) : penalties_(penalties) {
    std::memcpy(&gain_, splits.gain.data(), sizeof gain_);
  }

  /** Takes the split where it gains more than the best one so far. @param right sums of the other rows of the node */
  ORION_INLINE void offer(const Floats& leftGradient, const Floats& leftCount, const Floats& rightGradient,
                          const Floats& rightCount, const ShortIntegers& byte, std::int32_t missingLeft) {
    Floats leftSquare = leftGradient;
    Floats rightSquare = rightGradient;
    square(leftSquare);
    square(rightSquare);
    const Floats leftDenominator = leftCount + penalties_.lambda;
    const Floats rightDenominator = rightCount + penalties_.lambda;
    // Both gains over one denominator: a division costs more than three products.
    const Floats gain =
        (leftSquare * rightDenominator + rightSquare * leftDenominator) / (leftDenominator * rightDenominator);
    const ShortIntegers better =
        (leftCount >= penalties_.leastRows) & (rightCount >= penalties_.leastRows) & (gain > gain_);
    gain_ = better ? gain : gain_;
    byte_ = better ? byte : byte_;
    missingLeft_ = better ? missingLeft - ShortIntegers{} : missingLeft_;
  }

  ORION_INLINE void store(BlockSplits& splits) const {
    std::memcpy(splits.gain.data(), &gain_, sizeof gain_);
    std::memcpy(splits.lastLeftByte.data(), &byte_, sizeof byte_);
    std::memcpy(splits.missingLeft.data(), &missingLeft_, sizeof missingLeft_);
  }

 private:
  /** gradient = max(|gradient| - alpha, 0)^2 */
  ORION_INLINE void square(Floats& gradient) const {
    if (penalties_.alpha != 0) {
      const Floats shrunk = (gradient < 0 ? -gradient : gradient) - penalties_.alpha;
      gradient = shrunk > 0 ? shrunk : Floats{};
    }
    gradient *= gradient;
  }

  PackedPenalties penalties_;
  Floats gain_;
  ShortIntegers byte_{};
  ShortIntegers missingLeft_{};
};

}  // namespace orion::boosting
