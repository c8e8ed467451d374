// A sum of gradients and a number of rows in one integer, so that one addition carries both.
#pragma once

#include <cstdint>
#include <vector>

namespace orion::boosting {

/** gradient * 2^countBits + rows, the gradient as a whole number of steps. Sums are exact, in any order. */
using Packed = std::int64_t;

constexpr int countBits = 24;
constexpr std::uint32_t mostPackedRows = (1u << countBits) - 1;

inline std::int64_t gradientOf(Packed packed) { return packed >> countBits; }
inline std::int64_t countOf(Packed packed) { return packed & mostPackedRows; }

/** Gradients of all rows, one row each. */
struct PackedGradients {
  double step = 1;             // value of one step
  std::vector<Packed> values;  // by row
};

/**
 * Rounds gradients to steps so small that the sum over all rows just fits: 2^-21 of the largest gradient for 100,000
 * rows, 2^-25 for 5,000.
 */
void packGradients(const std::vector<double>& gradients, PackedGradients& packed);

}  // namespace orion::boosting
