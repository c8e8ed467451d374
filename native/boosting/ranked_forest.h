// Prediction by processors with AVX-512: three levels of four trees at a time, on ranks in place of values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "boosting/thresholds.h"
#include "boosting/tree.h"

namespace orion::boosting {

/**
 * Trees of at most nine levels of splits. A value lies below a threshold if its rank does, so ranks of 16 bits decide
 * as values do; a row's ranks stay in registers, where one instruction finds those that 32 nodes ask for.
 */
class RankedForest {
 public:
  /** Nothing where this processor or these trees don't allow it. @param trees as `compact` returns them */
  static std::optional<RankedForest> of(const std::vector<Tree>& trees);

  /**
   * Adds to each prediction ([rows]) the weights of its leaves, in the order of the trees and in single precision.
   * @param features [rows, columns] row-major, finite
   */
  void addTo(const float* features, std::size_t rows, std::size_t columns, float* predictions) const;

 private:
  /** Words of a cache line, which its nodes are read from. */
  struct alignas(64) Line {
    std::uint16_t words[32];
  };

  /** Trees that are walked together, a stage of three levels after the other. */
  struct Group {
    std::uint32_t stages;
    std::size_t nodes;   // where its lines begin
    std::size_t leaves;  // where its leaves begin: [treesPerGroup, 8^stages]
  };

  struct Column {
    std::uint32_t index;
    std::vector<float> ascending;
    Thresholds thresholds;
  };

  /** A place in a group: a node of a subtree, or a way out of it. */
  struct Place {
    std::size_t tree;
    std::uint32_t stage;
    std::size_t subtree;  // of the stage
    std::uint32_t node;   // in heap order; 7 and more: the ways out
  };

  void addGroup(const Tree* trees, std::size_t count);
  /** Puts what is below a node of a tree into the last group. */
  void put(const Tree& tree, std::int32_t node, const Place& place);

  std::vector<Column> columns_;  // that split, ascending
  std::vector<Group> groups_;
  std::vector<Line> nodes_;
  std::vector<float> leaves_;
};

}  // namespace orion::boosting
