// The best split of a node: gains of Chen and Guestrin 2016 (XGBoost), equation 7, in the order and precision in which
// XGBoost 1.7's exact method compares them, so that ties fall alike.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "boosting/bins.h"
#include "boosting/histogram.h"
#include "boosting/parameters.h"
#include "boosting/row_order.h"
#include "boosting/sums.h"

namespace orion::boosting {

/** Between what limits a node's weight must stay (before the learning rate), so that its column's order holds. */
struct Bounds {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

/** Penalties, in the single precision in which XGBoost keeps them. */
class Objective {
 public:
  explicit Objective(const Parameters& parameters);

  /**
   * G^2 / (H + lambda), G shrunk towards 0 by alpha; needs at least one row. XGBoost 1.7 divides in single precision.
   */
  float gain(const Sums& sums) const {
    const double magnitude = shrunkMagnitude(sums.gradient);
    return static_cast<float>(magnitude * magnitude) / static_cast<float>(sums.count + lambda_);
  }
  /** -G / (H + lambda), G shrunk towards 0 by alpha; 0 for a node below the least weight. */
  float weight(const Sums& sums) const;
  double minChildWeight() const { return minChildWeight_; }
  double lambda() const { return lambda_; }
  double alpha() const { return alpha_; }

  /** The weight that is allowed: `weight` moved into the bounds. */
  double weight(const Sums& sums, const Bounds& bounds) const;
  /** The gain of a node with that weight: -(2 G w + (H + lambda) w^2 + 2 alpha |w|). */
  float gain(const Sums& sums, const Bounds& bounds) const;

 private:
  /** max(|G| - alpha, 0), exactly, without a comparison: those keep the compiler from using vectors. */
  double shrunkMagnitude(double gradient) const {
    const double difference = std::abs(gradient) - alpha_;
    return 0.5 * (difference + std::abs(difference));
  }

  // Not doubles that hold rounded values: GCC 12 at -O3 leaves the rounding out where it converts two of them at once.
  float lambda_;
  float alpha_;
  float minChildWeight_;
};

struct Split {
  float gain = 0;  // reduction of the loss; 0 = no split
  std::uint32_t column = 0;
  float threshold = 0;  // values below it go left
  Parting parting;
  Sums left;
  Sums right;

  /** The larger gain; of equal ones that of the lower column. */
  bool isBetterThan(const Split& other) const {
    return gain > other.gain || (gain == other.gain && gain > 0 && column < other.column);
  }
};

class SplitFinder {
 public:
  /** @param slots the most that any column has */
  SplitFinder(const Objective& objective, std::uint32_t slots) : objective_(objective), gains_(slots + 1) {}

  /**
   * Replaces `best` if the column offers more gain than it.
   * @param occupied the column's bins in the node
   * @param node sums over the node, missing values included
   * @param nodeGain objective.gain(node)
   */
  void improve(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied, const Sums& node,
               float nodeGain, Split& best);

  /** From now on children keep within the bounds, and in the column's order: 1 rising, -1 falling, 0 any. */
  void constrain(const Bounds& bounds, int direction);

 private:
  /** Splits with the missing values on the right, from the lowest threshold up. */
  void tryMissingRight(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied, const Sums& node,
                       float nodeGain, Split& best);
  /** Splits with the missing values on the left, from the highest threshold down. */
  void tryMissingLeft(std::uint32_t index, const BinnedColumn& column, const OccupiedBins& occupied, const Sums& node,
                      float nodeGain, Split& best);
  bool isAllowed(const Sums& right, const Sums& node) const;
  /** gains_[first, last), see computeGains; -1 where the children would stand in the wrong order. */
  void findGains(const OccupiedBins& occupied, std::uint32_t first, std::uint32_t last, const Sums& missing,
                 const Sums& node, float nodeGain);

  Objective objective_;
  bool isConstrained_ = false;
  Bounds bounds_;
  int direction_ = 0;
  std::vector<float> gains_;
};

}  // namespace orion::boosting
