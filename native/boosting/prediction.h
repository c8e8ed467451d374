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
   * @param features [rows, columns] row-major
   */
  void addTo(const float* features, std::size_t rows, std::size_t columns, float* predictions) const;

 private:
  struct Node {
    float value;                     // threshold; in a leaf its weight
    std::uint32_t columnAndMissing;  // column * 2 + (missing values go left)
    std::int32_t left;               // the right child follows it; -1: a leaf
  };

  float weightOf(std::int32_t root, const float* row) const;

  std::vector<Node> nodes_;
  std::vector<std::int32_t> roots_;
};

}  // namespace orion::boosting
