#include "boosting/gradients.h"

#include <algorithm>
#include <cmath>

namespace orion::boosting {

void roundToGrid(std::vector<double>& gradients) {
  double largest = 0;
  for (const double gradient : gradients) largest = std::max(largest, std::abs(gradient));
  if (largest == 0) return;

  // A sum of all rows stays below 2^52 steps of the grid; doubles hold integers up to 2^53.
  const int bits = std::ilogb(largest) + 1 + std::ilogb(static_cast<double>(gradients.size())) + 1;
  const double step = std::ldexp(1.0, bits - 52);
  // Adding and taking away 1.5 * 2^52 steps rounds to the nearest step (IEEE 754, round to nearest).
  const double rounder = step * 6755399441055744.0;
  for (double& gradient : gradients) gradient = (gradient + rounder) - rounder;
}

}  // namespace orion::boosting
