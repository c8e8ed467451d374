#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "boosting/tree.h"

namespace orion::boosting {

/** Trees laid out for prediction: 12 bytes a node, all in one array. */
class Forest {
 public:
  /** @param tree as `compact` returns it */
  void add(const Tree& tree);

  std::size_t trees() const { return roots_.size(); }

  /**
   * Adds to each prediction ([rows]) the weights of its leaves, in the order of the trees and in single precision.
   * @param features [rows, columns] row-major, finite or NaN
   */
  void addTo(const float* features, std::size_t rows, std::size_t columns, float* predictions) const;

 private:
  /** A leaf is its own left child, and every value goes left: a walk may stay in it. */
  struct Node {
    float threshold;
    std::uint32_t columnAndMissing;  // column * 2 + (missing values go left)
    std::int32_t left;               // the right child follows it
  };

  struct Root {
    std::int32_t node;
    std::int32_t levels;  // of splits, at most
  };

  float weightOf(const Root& root, const float* row) const;
  /** Adds the weights of one tree to rows without missing values, several rows abreast. */
  void addAbreast(const Root& root, const float* features, std::size_t rows, std::size_t columns,
                  float* predictions) const;

  std::vector<Node> nodes_;
  std::vector<float> weights_;  // of the nodes that are leaves
  std::vector<Root> roots_;
};

}  // namespace orion::boosting
