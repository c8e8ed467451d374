#include "boosting/prediction.h"

#include <algorithm>
#include <utility>

namespace orion::boosting {
namespace {

/** Rows that pass through a tree together: they stay in the second-level cache, and the tree in the first. */
constexpr std::size_t rowsPerBlock = 256;

}  // namespace

void Forest::add(const Tree& tree) {
  const auto root = static_cast<std::int32_t>(nodes_.size());
  roots_.push_back(root);
  nodes_.emplace_back();
  // (node of the tree, its place here), breadth first
  std::vector<std::pair<std::int32_t, std::int32_t>> queue{{0, root}};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto [index, place] = queue[i];
    const TreeNode& node = tree[index];
    if (node.isLeaf()) {
      nodes_[place] = {node.weight, 0, -1};
      continue;
    }
    const auto left = static_cast<std::int32_t>(nodes_.size());
    nodes_[place] = {node.threshold, node.column * 2 + (node.missingLeft ? 1 : 0), left};
    nodes_.resize(nodes_.size() + 2);
    queue.emplace_back(node.leftChild, left);
    queue.emplace_back(node.leftChild + 1, left + 1);
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
