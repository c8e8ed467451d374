#include "boosting/split.h"

#include "base/vector_clones.h"

namespace orion::boosting {
namespace {

/** Distance from the outermost value to a threshold that parts all values from the missing ones. */
float gapBeside(float value) { return std::abs(value) + 1e-6f; }

/**
 * gains[i] = gain of the split that sends the `i` highest bins, and `missing` if that is not zero, to the right; for
 * i in [first, last).
 */
ORION_VECTOR_CLONES
void computeGains(const Objective& objective, const double* gradients, const double* counts, std::uint32_t first,
                  std::uint32_t last, Sums missing, Sums node, float nodeGain, float* gains) {
  for (std::uint32_t i = first; i < last; ++i) {
    const Sums right{gradients[i] + missing.gradient, counts[i] + missing.count};
    gains[i] = objective.gain(right) + objective.gain(node - right) - nodeGain;
  }
}

}  // namespace

Objective::Objective(const Parameters& parameters)
    : lambda_(static_cast<float>(parameters.lambda)),
      alpha_(static_cast<float>(parameters.alpha)),
      minChildWeight_(static_cast<float>(parameters.minChildWeight)) {}

float Objective::weight(const Sums& sums) const {
  if (sums.count <= 0 || sums.count < minChildWeight_) return 0;
  const double magnitude = shrunkMagnitude(sums.gradient);
  return static_cast<float>(-std::copysign(magnitude, sums.gradient) / (sums.count + lambda_));
}

double Objective::weight(const Sums& sums, const Bounds& bounds) const {
  return std::clamp(static_cast<double>(weight(sums)), bounds.lower, bounds.upper);
}

float Objective::gain(const Sums& sums, const Bounds& bounds) const {
  const double w = weight(sums, bounds);
  return static_cast<float>(-(2 * sums.gradient * w + (sums.count + lambda_) * w * w + 2 * alpha_ * std::abs(w)));
}

void SplitFinder::constrain(const Bounds& bounds, int direction) {
  isConstrained_ = true;
  bounds_ = bounds;
  direction_ = direction;
}

void SplitFinder::findGains(const OccupiedBins& occupied, std::uint32_t first, std::uint32_t last, const Sums& missing,
                            const Sums& node, float nodeGain) {
  if (!isConstrained_) {
    computeGains(objective_, occupied.gradients(), occupied.counts(), first, last, missing, node, nodeGain,
                 gains_.data());
    return;
  }
  for (std::uint32_t i = first; i < last; ++i) {
    Sums right = occupied.sumsFromTop(i);
    right += missing;
    const Sums left = node - right;
    const double rise = objective_.weight(right, bounds_) - objective_.weight(left, bounds_);
    gains_[i] =
        rise * direction_ < 0 ? -1 : objective_.gain(right, bounds_) + objective_.gain(left, bounds_) - nodeGain;
  }
}

void SplitFinder::improve(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied,
                          const Sums& node, float nodeGain, Split& best) {
  if (occupied.size() == 0) return;
  // As XGBoost: a column without missing values is read in one direction only, one with a single value as well.
  if (column.hasMissing && column.bins > 1) tryMissingRight(index, column, occupied, node, nodeGain, best);
  tryMissingLeft(index, column, occupied, node, nodeGain, best);
}

bool SplitFinder::isAllowed(const Sums& right, const Sums& node) const {
  const double least = std::max(objective_.minChildWeight(), 1.0);
  return right.count >= least && node.count - right.count >= least;
}

void SplitFinder::tryMissingRight(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied,
                                  const Sums& node, float nodeGain, Split& best) {
  const std::uint32_t size = occupied.size();
  const Sums missing = node - occupied.sumsFromTop(size);
  const auto rightOf = [&](std::uint32_t i) {
    Sums right = occupied.sumsFromTop(i);
    return right += missing;
  };
  // Counts grow with i: the allowed splits stand together.
  std::uint32_t first = 0;
  std::uint32_t last = size;
  while (first < last && !isAllowed(rightOf(first), node)) ++first;
  while (first < last && !isAllowed(rightOf(last - 1), node)) --last;
  findGains(occupied, first, last, missing, node, nodeGain);

  for (std::uint32_t i = last; i-- > first;) {
    if (!(gains_[i] > best.gain) || std::isinf(gains_[i])) continue;
    best.gain = gains_[i];
    best.column = index;
    best.parting.missingLeft = false;
    best.right = rightOf(i);
    best.left = node - best.right;
    best.parting.lastLeftBin = static_cast<std::int32_t>(occupied.bin(i + 1));
    if (i == 0) {
      const float highest = column.largest[occupied.bin(1)];
      best.threshold = highest + gapBeside(highest);
    } else {
      best.threshold = column.thresholdBetween(occupied.bin(i + 1), occupied.bin(i));
    }
  }
}

void SplitFinder::tryMissingLeft(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied,
                                 const Sums& node, float nodeGain, Split& best) {
  const std::uint32_t size = occupied.size();
  std::uint32_t first = 1;
  std::uint32_t last = size + 1;
  while (first < last && !isAllowed(occupied.sumsFromTop(first), node)) ++first;
  while (first < last && !isAllowed(occupied.sumsFromTop(last - 1), node)) --last;
  findGains(occupied, first, last, Sums{}, node, nodeGain);

  for (std::uint32_t i = first; i < last; ++i) {
    if (!(gains_[i] > best.gain) || std::isinf(gains_[i])) continue;
    best.gain = gains_[i];
    best.column = index;
    best.parting.missingLeft = true;
    best.right = occupied.sumsFromTop(i);
    best.left = node - best.right;
    if (i == size) {
      const float lowest = column.smallest[occupied.bin(size)];
      best.parting.lastLeftBin = -1;
      best.threshold = lowest - gapBeside(lowest);
    } else {
      best.parting.lastLeftBin = static_cast<std::int32_t>(occupied.bin(i + 1));
      best.threshold = column.thresholdBetween(occupied.bin(i + 1), occupied.bin(i));
    }
  }
}

}  // namespace orion::boosting
