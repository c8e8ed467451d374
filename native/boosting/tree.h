#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace orion::boosting {

struct TreeNode {
  std::int32_t leftChild = -1;  // the right one follows it; -1: a leaf
  std::uint32_t column = 0;
  float threshold = 0;  // values below it go left
  bool missingLeft = true;
  float gain = 0;    // of the split
  float weight = 0;  // what a leaf here adds to a prediction, learning rate included
  float cover = 0;   // training rows

  bool isLeaf() const { return leftChild < 0; }

  /** The child that a value of `column` belongs to. */
  std::int32_t childOf(float value) const {
    const bool left = std::isnan(value) ? missingLeft : value < threshold;
    return leftChild + (left ? 0 : 1);
  }
};

/** The root is node 0; children come after their parents. */
using Tree = std::vector<TreeNode>;

/** The leaf that a row ([columns]) belongs to. */
inline const TreeNode& leafOf(const Tree& tree, const float* row) {
  const TreeNode* node = tree.data();
  while (!node->isLeaf()) node = &tree[node->childOf(row[node->column])];
  return *node;
}

/** Breadth first, without the nodes that pruning cut off. */
Tree compact(const Tree& tree);

}  // namespace orion::boosting
