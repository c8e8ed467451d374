#include "boosting/prediction.h"

#include <algorithm>
#include <limits>

namespace orion::boosting {
namespace {

/** Rows that pass through a tree together: they stay in the second-level cache, and the tree in the first. */
constexpr std::size_t rowsPerBlock = 256;
/** Walks whose loads wait for memory side by side. */
constexpr std::size_t rowsAbreast = 8;

std::int32_t levelsOf(const Tree& tree) {
  std::vector<std::int32_t> depths(tree.size(), 0);
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree[i].isLeaf()) continue;
    depths[tree[i].leftChild] = depths[i] + 1;
    depths[tree[i].leftChild + 1] = depths[i] + 1;
  }
  return *std::max_element(depths.begin(), depths.end());
}

bool anyMissing(const float* values, std::size_t count) {
  bool missing = false;
  for (std::size_t i = 0; i < count; ++i) missing |= values[i] != values[i];
  return missing;
}

}  // namespace

void Forest::add(const Tree& tree) {
  const auto root = static_cast<std::int32_t>(nodes_.size());
  roots_.push_back({root, levelsOf(tree)});
  for (const TreeNode& node : tree) {
    if (node.isLeaf()) {
      nodes_.push_back({std::numeric_limits<float>::infinity(), 1, static_cast<std::int32_t>(nodes_.size())});
    } else {
      nodes_.push_back({node.threshold, node.column * 2 + (node.missingLeft ? 1 : 0), root + node.leftChild});
    }
    weights_.push_back(node.weight);
  }
}

float Forest::weightOf(const Root& root, const float* row) const {
  std::int32_t at = root.node;
  while (nodes_[at].left != at) {
    const Node& node = nodes_[at];
    const float value = row[node.columnAndMissing >> 1];
    // A missing value compares as neither; the stored direction decides then.
    const bool goesLeft = value < node.threshold || (value != value && (node.columnAndMissing & 1) != 0);
    at = node.left + (goesLeft ? 0 : 1);
  }
  return weights_[at];
}

void Forest::addAbreast(const Root& root, const float* features, std::size_t rows, std::size_t columns,
                        float* predictions) const {
  const Node* nodes = nodes_.data();
  std::size_t row = 0;
  for (; row + rowsAbreast <= rows; row += rowsAbreast) {
    const float* first = features + row * columns;
    std::int32_t at[rowsAbreast];
    std::fill_n(at, rowsAbreast, root.node);
    for (std::int32_t level = 0; level < root.levels; ++level) {
      for (std::size_t lane = 0; lane < rowsAbreast; ++lane) {
        const Node& node = nodes[at[lane]];
        // No branch: half of them would be foretold wrongly.
        at[lane] = node.left +
                   static_cast<std::int32_t>(!(first[lane * columns + (node.columnAndMissing >> 1)] < node.threshold));
      }
    }
    for (std::size_t lane = 0; lane < rowsAbreast; ++lane) predictions[row + lane] += weights_[at[lane]];
  }
  for (; row < rows; ++row) predictions[row] += weightOf(root, features + row * columns);
}

void Forest::addTo(const float* features, std::size_t rows, std::size_t columns, float* predictions) const {
  for (std::size_t first = 0; first < rows; first += rowsPerBlock) {
    const std::size_t count = std::min(rowsPerBlock, rows - first);
    const float* block = features + first * columns;
    const bool oneByOne = anyMissing(block, count * columns);
    for (const Root& root : roots_) {
      if (!oneByOne) {
        addAbreast(root, block, count, columns, predictions + first);
        continue;
      }
      for (std::size_t row = 0; row < count; ++row) {
        predictions[first + row] += weightOf(root, block + row * columns);
      }
    }
  }
}

}  // namespace orion::boosting
