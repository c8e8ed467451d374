#include "boosting/prediction.h"

#include <algorithm>
#include <limits>

namespace orion::boosting {
namespace {

/** Rows that pass through a tree together stay in the first-level cache, and the tree with them. */
constexpr std::size_t rowsPerBlock = 64;
/** Trees that all rows pass through before the next ones stay in the second-level cache: nodes of at most so many. */
constexpr std::size_t nodesPerGroup = 16384;
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
  for (std::size_t begin = 0, end = 0; begin < roots_.size(); begin = end) {
    end = endOfGroup(begin);
    for (std::size_t first = 0; first < rows; first += rowsPerBlock) {
      const std::size_t count = std::min(rowsPerBlock, rows - first);
      addGroup(begin, end, features + first * columns, count, columns, predictions + first);
    }
  }
}

std::size_t Forest::endOfGroup(std::size_t begin) const {
  std::size_t end = begin + 1;
  while (end < roots_.size() && static_cast<std::size_t>(roots_[end].node - roots_[begin].node) < nodesPerGroup) ++end;
  return end;
}

void Forest::addGroup(std::size_t begin, std::size_t end, const float* features, std::size_t rows, std::size_t columns,
                      float* predictions) const {
  const bool oneByOne = anyMissing(features, rows * columns);
  for (std::size_t tree = begin; tree < end; ++tree) {
    if (!oneByOne) {
      addAbreast(roots_[tree], features, rows, columns, predictions);
      continue;
    }
    for (std::size_t row = 0; row < rows; ++row) predictions[row] += weightOf(roots_[tree], features + row * columns);
  }
}

}  // namespace orion::boosting
