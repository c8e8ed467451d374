#include "boosting/packed.h"

#include <algorithm>
#include <cmath>

namespace orion::boosting {

void packGradients(const std::vector<double>& gradients, PackedGradients& packed) {
  double largest = 0;
  for (const double gradient : gradients) largest = std::max(largest, std::abs(gradient));
  // |sum| < 2^(64 - countBits - 1) steps; both logarithms are rounded up.
  const int sumBits = 64 - countBits - 1;
  const int rowBits = std::ilogb(static_cast<double>(gradients.size())) + 1;
  packed.step = largest == 0 ? 1 : std::ldexp(1.0, std::ilogb(largest) + 1 + rowBits - sumBits);
  packed.values.resize(gradients.size());
  // Multiplying by a power of two is exact; so is adding 1.5 * 2^52, which rounds to the nearest integer.
  const double stepsPerUnit = 1 / packed.step;
  constexpr double rounder = 6755399441055744.0;
  for (std::size_t row = 0; row < gradients.size(); ++row) {
    const auto steps = static_cast<std::int64_t>((gradients[row] * stepsPerUnit + rounder) - rounder);
    packed.values[row] = steps * (Packed{1} << countBits) + 1;
  }
}

}  // namespace orion::boosting
