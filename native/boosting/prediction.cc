#include "boosting/prediction.h"

#include <algorithm>

namespace orion::boosting {
namespace {

/** Rows that pass through a tree together: they stay in the second-level cache, and the tree in the first. */
constexpr std::size_t rowsPerBlock = 256;

}  // namespace

void Forest::add(const Tree& tree) {
  const auto root = static_cast<std::int32_t>(nodes_.size());
  roots_.push_back(root);
  for (const TreeNode& node : tree) {
    if (node.isLeaf()) {
      nodes_.push_back({node.weight, 0, -1});
    } else {
      nodes_.push_back({node.threshold, node.column * 2 + (node.missingLeft ? 1 : 0), root + node.leftChild});
    }
  }
}

float Forest::weightOf(std::int32_t root, const float* row) const {
  const Node* node = &nodes_[root];
  while (node->left >= 0) {
    const float value = row[node->columnAndMissing >> 1];
    // A missing value compares as neither; the stored direction decides then.
    const bool goesLeft = value < node->value || (value != value && (node->columnAndMissing & 1) != 0);
    node = &nodes_[node->left + (goesLeft ? 0 : 1)];
  }
  return node->value;
}

void Forest::addTo(const float* features, std::size_t rows, std::size_t columns, float* predictions) const {
  for (std::size_t first = 0; first < rows; first += rowsPerBlock) {
    const std::size_t last = std::min(first + rowsPerBlock, rows);
    for (const std::int32_t root : roots_) {
      for (std::size_t row = first; row < last; ++row) predictions[row] += weightOf(root, features + row * columns);
    }
  }
}

}  // namespace orion::boosting
