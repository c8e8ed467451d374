#include "boosting/ranked_forest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/avx512.h"
#include "boosting/ranked_walk.h"

namespace orion::boosting {
namespace {

constexpr std::uint32_t mostLevels = 9;
/** Columns that split. */
constexpr std::size_t mostColumns = 2 * ranksOfHalf;

constexpr std::size_t wordsPerLine = 32;
/** No rank is greater: all values go left. */
constexpr std::uint16_t alwaysLeft = std::numeric_limits<std::uint16_t>::max();
/** Rows whose ranks stay in the second-level cache while the trees pass over them. */
constexpr std::size_t rankedRowsPerBlock = 256;

std::uint32_t levelsBelow(const Tree& tree, std::int32_t node) {
  if (tree[node].isLeaf()) return 0;
  const std::int32_t left = tree[node].leftChild;
  return 1 + std::max(levelsBelow(tree, left), levelsBelow(tree, left + 1));
}

/** Ascending, each once. */
std::map<std::uint32_t, std::vector<float>> thresholdsByColumn(const std::vector<Tree>& trees) {
  std::map<std::uint32_t, std::vector<float>> thresholds;
  for (const Tree& tree : trees) {
    for (const TreeNode& node : tree) {
      if (!node.isLeaf()) thresholds[node.column].push_back(node.threshold);
    }
  }
  for (auto& [column, all] : thresholds) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  return thresholds;
}

/** Of one tree. */
std::size_t subtreesOf(std::uint32_t stage) { return std::size_t{1} << (levelsPerStage * stage); }

/** Of a group, in the stages before one. */
std::size_t wordsBefore(std::uint32_t stage) {
  std::size_t words = 0;
  for (std::uint32_t each = 0; each < stage; ++each) words += treesPerGroup * subtreesOf(each) * wordsPerSubtree;
  return words;
}

}  // namespace

std::optional<RankedForest> RankedForest::of(const std::vector<Tree>& trees) {
  const bool suit = std::all_of(trees.begin(), trees.end(), [](const Tree& tree) {
    return levelsBelow(tree, 0) <= mostLevels &&
           std::none_of(tree.begin(), tree.end(), [](const TreeNode& node) { return std::isnan(node.threshold); });
  });
  if (!hasAvx512() || !suit) return std::nullopt;
  const auto thresholds = thresholdsByColumn(trees);
  const bool ranksFit = std::all_of(thresholds.begin(), thresholds.end(),
                                    [](const auto& column) { return column.second.size() <= Thresholds::most; });
  if (thresholds.size() > mostColumns || !ranksFit) return std::nullopt;

  RankedForest forest;
  for (const auto& [column, ascending] : thresholds) {
    forest.columns_.push_back({column, ascending, Thresholds(ascending)});
  }
  for (std::size_t first = 0; first < trees.size(); first += treesPerGroup) {
    forest.addGroup(&trees[first], std::min(treesPerGroup, trees.size() - first));
  }
  return forest;
}

void RankedForest::addGroup(const Tree* trees, std::size_t count) {
  std::uint32_t levels = 1;
  for (std::size_t i = 0; i < count; ++i) levels = std::max(levels, levelsBelow(trees[i], 0));
  const std::uint32_t stages = (levels + levelsPerStage - 1) / levelsPerStage;
  groups_.push_back({stages, nodes_.size(), leaves_.size()});
  leaves_.resize(leaves_.size() + treesPerGroup * subtreesOf(stages));
  // Every value goes left where no split is put.
  nodes_.resize(nodes_.size() + wordsBefore(stages) / wordsPerLine);
  std::uint16_t* words = nodes_[groups_.back().nodes].words;
  for (std::size_t word = 0; word < wordsBefore(stages); ++word) {
    words[word] = word < 2 * wordsPerLine ? word / wordsPerLine : word / (wordsPerSubtree / 2) % 2;
    words[word] = words[word] == 0 ? 0 : alwaysLeft;
  }
  for (std::size_t i = 0; i < count; ++i) put(trees[i], 0, {i, 0, 0, 0});
}

void RankedForest::put(const Tree& tree, std::int32_t node, const Place& place) {
  const Group& group = groups_.back();
  const auto [its, stage, subtree, at] = place;
  if (at >= nodesPerSubtree) {
    const std::size_t wayOut = subtree * waysOut + at - nodesPerSubtree;
    if (stage + 1 < group.stages) return put(tree, node, {its, stage + 1, wayOut, 0});
    leaves_[group.leaves + its * subtreesOf(group.stages) + wayOut] = tree[node].weight;
    return;
  }
  const Place left{its, stage, subtree, 2 * at + 1};
  if (tree[node].isLeaf()) return put(tree, node, left);

  const auto column = std::lower_bound(columns_.begin(), columns_.end(), tree[node].column,
                                       [](const Column& each, std::uint32_t index) { return each.index < index; });
  const auto slot = static_cast<std::size_t>(column - columns_.begin());
  const auto& ascending = column->ascending;
  const auto rank = std::lower_bound(ascending.begin(), ascending.end(), tree[node].threshold) - ascending.begin();
  // The first stage holds the selectors of its four trees, then their thresholds; those below, each subtree's by turns.
  const bool isTop = stage == 0;
  std::uint16_t* words = nodes_[group.nodes].words + wordsBefore(stage) +
                         (isTop ? its * waysOut : (its * subtreesOf(stage) + subtree) * wordsPerSubtree);
  words[at] = static_cast<std::uint16_t>(slot % ranksOfHalf | (slot < ranksOfHalf ? 0 : secondHalf));
  words[(isTop ? wordsPerLine : waysOut) + at] = static_cast<std::uint16_t>(rank);
  put(tree, tree[node].leftChild, left);
  put(tree, tree[node].leftChild + 1, {its, stage, subtree, 2 * at + 2});
}

void RankedForest::addTo(const float* features, std::size_t rows, std::size_t columns, float* predictions) const {
  const std::size_t registers = std::max<std::size_t>(2, (columns_.size() + ranksPerRegister - 1) / ranksPerRegister);
  const std::size_t ranksPerRow = registers * ranksPerRegister;
  std::vector<Line> lines(rankedRowsPerBlock * ranksPerRow / wordsPerLine);
  std::uint16_t* ranks = lines.data()->words;
  for (std::size_t first = 0; first < rows; first += rankedRowsPerBlock) {
    const std::size_t count = std::min(rankedRowsPerBlock, rows - first);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      columns_[i].thresholds.rank(features + first * columns + columns_[i].index, columns, count, ranks + i,
                                  ranksPerRow);
    }
    for (const Group& group : groups_) {
      const AddGroup add = addGroupOf(registers, group.stages);
      const char* nodes = reinterpret_cast<const char*>(&nodes_[group.nodes]);
      const char* leaves = reinterpret_cast<const char*>(&leaves_[group.leaves]);
      for (std::size_t row = 0; row < count; row += rowsPerWalk) {
        add(ranks + row * ranksPerRow, std::min(rowsPerWalk, count - row), nodes, leaves, predictions + first + row);
      }
    }
  }
}

}  // namespace orion::boosting
