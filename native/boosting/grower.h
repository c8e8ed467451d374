#pragma once

#include <cstdint>
#include <vector>

#include "boosting/row_order.h"
#include "boosting/sampling.h"
#include "boosting/tree.h"

namespace orion::boosting {

/** A tree with the drawn rows of each node. */
struct GrownTree {
  Tree tree;
  std::vector<RowRange> ranges;  // [nodes]
};

/** Splits must gain more than this (XGBoost's kRtEps). */
constexpr float leastGain = 1e-6f;

/** One way to grow trees; the same sample and gradients give the same tree for any number of threads. */
class Grower {
 public:
  virtual ~Grower() = default;

  /** @param gradients by row */
  virtual GrownTree grow(const Sample& sample, const std::vector<double>& gradients) = 0;

  /** The rows of a range of the tree grown last, [range.size()]. */
  virtual const std::uint32_t* rowsOf(RowRange range) const = 0;
};

}  // namespace orion::boosting
