#include "timing/median_interval.h"

#include <cmath>
#include <cstddef>

#include "base/error.h"

namespace orion::timing {
namespace {

/** P(at least `hits` of `draws` succeed), each with chance `chance` in (0, 1); summed in logarithms. */
double atLeast(std::size_t hits, std::size_t draws, double chance) {
  const auto n = static_cast<double>(draws);
  double total = 0;
  for (std::size_t hit = hits; hit <= draws; ++hit) {
    const auto k = static_cast<double>(hit);
    const double term = std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                                 k * std::log(chance) + (n - k) * std::log1p(-chance));
    total += term;
    // Beyond the mode the terms only fall: what is left is below the last one times their number.
    if (k > n * chance && term * (n - k) < 1e-12 * total) break;
  }
  return total;
}

/** The smallest value below or at which the median of a resample lies with this probability. */
double resampledMedian(const std::vector<double>& sorted, double probability) {
  const std::size_t n = sorted.size();
  const std::size_t middle = n / 2 + 1;  // the upper one of an even sample, counted from 1
  std::size_t low = 1;
  std::size_t high = n;
  while (low < high) {
    const std::size_t k = low + (high - low) / 2;
    const double chance = static_cast<double>(k) / static_cast<double>(n);
    if (atLeast(middle, n, chance) >= probability) {
      high = k;
    } else {
      low = k + 1;
    }
  }
  return sorted[low - 1];
}

}  // namespace

std::pair<double, double> medianInterval(const std::vector<double>& sorted, double level) {
  if (sorted.empty()) throw Error(ErrorCode::BadInput, "An interval needs at least one sample, but there are none.");
  const double tail = (1 - level) / 2;
  return {resampledMedian(sorted, tail), resampledMedian(sorted, 1 - tail)};
}

}  // namespace orion::timing
