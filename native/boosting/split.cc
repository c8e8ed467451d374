#include "boosting/split.h"

#include <algorithm>
#include <cmath>

namespace orion::boosting {
namespace {

/** Distance from the outermost value to a threshold that parts all values from the missing ones. */
float gapBeside(float value) { return std::abs(value) + 1e-6f; }

}  // namespace

Objective::Objective(const Parameters& parameters)
    : lambda_(static_cast<float>(parameters.lambda)),
      alpha_(static_cast<float>(parameters.alpha)),
      minChildWeight_(static_cast<float>(parameters.minChildWeight)) {}

float Objective::gain(const Sums& sums) const {
  if (sums.count <= 0) return 0;
  const double shrunk = std::max(std::abs(sums.gradient) - alpha_, 0.0);
  return static_cast<float>(shrunk * shrunk / (sums.count + lambda_));
}

float Objective::weight(const Sums& sums) const {
  if (sums.count <= 0 || sums.count < minChildWeight_) return 0;
  const double shrunk = std::max(std::abs(sums.gradient) - alpha_, 0.0);
  return static_cast<float>(-std::copysign(shrunk, sums.gradient) / (sums.count + lambda_));
}

SplitFinder::SplitFinder(const Objective& objective, std::uint32_t slots)
    : objective_(objective), sides_(slots + 1), gains_(slots + 1) {}

void SplitFinder::improve(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied,
                          const Sums& node, float nodeGain, Split& best) {
  if (occupied.size() == 0) return;
  // A column without missing values is read in one direction only, one with a single value as well.
  if (column.hasMissing && column.bins > 1) fromBelow(index, column, occupied, node, nodeGain, best);
  fromAbove(index, column, occupied, node, nodeGain, best);
}

void SplitFinder::fromAbove(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied,
                            const Sums& node, float nodeGain, Split& best) {
  const std::uint32_t size = occupied.size();
  Sums right;
  for (std::uint32_t i = 0; i < size; ++i) {
    right += occupied.sums(size - 1 - i);
    sides_[i] = right;
  }
  score(size, node, nodeGain);

  // Without missing values the last candidate has nothing on its left, and no gain.
  const std::uint32_t candidate =
      static_cast<std::uint32_t>(std::max_element(gains_.begin(), gains_.begin() + size) - gains_.begin());
  const float gain = gains_[candidate];
  if (!(gain > best.gain) || std::isinf(gain)) return;
  best.gain = gain;
  best.column = index;
  best.missingLeft = true;
  best.right = sides_[candidate];
  best.left = node - best.right;
  const std::uint32_t upper = size - 1 - candidate;
  if (upper == 0) {
    const float lowest = column.smallest[occupied.bin(0)];
    best.lastLeftBin = -1;
    best.threshold = lowest - gapBeside(lowest);
  } else {
    best.lastLeftBin = static_cast<std::int32_t>(occupied.bin(upper - 1));
    best.threshold = column.thresholdBetween(occupied.bin(upper - 1), occupied.bin(upper));
  }
}

void SplitFinder::fromBelow(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied,
                            const Sums& node, float nodeGain, Split& best) {
  const std::uint32_t size = occupied.size();
  Sums left;
  for (std::uint32_t i = 0; i < size; ++i) {
    left += occupied.sums(i);
    sides_[i] = left;
  }
  score(size, node, nodeGain);

  const std::uint32_t lower =
      static_cast<std::uint32_t>(std::max_element(gains_.begin(), gains_.begin() + size) - gains_.begin());
  const float gain = gains_[lower];
  if (!(gain > best.gain) || std::isinf(gain)) return;
  best.gain = gain;
  best.column = index;
  best.missingLeft = false;
  best.left = sides_[lower];
  best.right = node - best.left;
  best.lastLeftBin = static_cast<std::int32_t>(occupied.bin(lower));
  if (lower + 1 == size) {
    const float highest = column.largest[occupied.bin(lower)];
    best.threshold = highest + gapBeside(highest);
  } else {
    best.threshold = column.thresholdBetween(occupied.bin(lower), occupied.bin(lower + 1));
  }
}

void SplitFinder::score(std::uint32_t count, const Sums& node, float nodeGain) {
  const double least = objective_.minChildWeight();
  for (std::uint32_t i = 0; i < count; ++i) {
    const Sums& side = sides_[i];
    const Sums rest = node - side;
    const float gain = objective_.gain(side) + objective_.gain(rest) - nodeGain;
    gains_[i] = side.count >= least && rest.count >= least ? gain : 0;
  }
}

}  // namespace orion::boosting
