// Grows one tree from packed histograms, depth first: the quick way, for columns of few bins.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "boosting/bins.h"
#include "boosting/byte_matrix.h"
#include "boosting/few_rows.h"
#include "boosting/grower.h"
#include "boosting/packed_histogram.h"
#include "boosting/parameters.h"
#include "boosting/row_order.h"
#include "boosting/row_tile.h"
#include "boosting/split.h"
#include "boosting/thread_pool.h"

namespace orion::boosting {

/** Nodes of many rows are searched by all threads together, a block of columns each; the subtrees below by one each. */
class PackedGrower : public Grower {
 public:
  /** Whether it can grow trees from such columns. */
  static bool suits(const std::vector<BinnedColumn>& columns, std::uint32_t rows);

  /** Keeps references to `columns` and `pool`. */
  PackedGrower(const std::vector<BinnedColumn>& columns, std::uint32_t rows, const Parameters& parameters,
               ThreadPool& pool);

  GrownTree grow(const Sample& sample, const std::vector<double>& gradients) override;
  const std::uint32_t* rowsOf(RowRange range) const override { return order_.rowsOf(range).rows; }

 private:
  using Histogram = std::unique_ptr<Packed[]>;

  /** A node that may still be split. */
  struct OpenNode {
    std::int32_t node = 0;  // in its tree
    std::int64_t depth = 0;
    RowRange range;
    Packed sums = 0;
    Histogram histogram;  // of its rows, where it has one
  };

  struct BestSplit {
    float gain = 0;  // the children's, in squared steps
    std::uint32_t column = 0;
    std::int32_t lastLeftByte = -1;
    bool missingLeft = true;
  };

  struct Worker {
    explicit Worker(const ByteMatrix& matrix) : fewRows(matrix), tile(matrix) {}

    FewRowsFinder fewRows;
    RowTile tile;
    std::vector<Histogram> spare;
  };

  /** A node and the best way to split it; gain 0 = none. */
  struct Candidate {
    OpenNode node;
    BestSplit split;
  };

  OpenNode open(GrownTree& grown, std::int64_t depth, RowRange range, Packed sums) const;
  bool mayBeSplit(const OpenNode& node) const;
  bool deservesHistogram(const OpenNode& node) const;

  Candidate openRoot(GrownTree& grown, std::uint32_t rows);
  /** Splits a node and searches its children. @param together all threads at once; else `worker`'s alone */
  std::vector<Candidate> split(GrownTree& grown, Candidate parent, Worker& worker, bool together);
  /** Makes the histograms of siblings (or of the root alone) and finds their best splits. */
  void search(std::vector<Candidate>& siblings, Worker& worker, bool together);
  /** The same in the blocks [first, last). */
  void searchBlocks(const std::vector<Candidate>& siblings, Worker& worker, std::uint32_t first, std::uint32_t last,
                    std::vector<BestSplit>& best) const;
  /** Sums the rows of the smaller sibling, or takes them out of its sibling's, and searches the histograms. */
  void searchHistograms(const std::vector<Candidate>& siblings, RowTile& tile, std::uint32_t first, std::uint32_t last,
                        std::vector<BestSplit>& best) const;
  void searchFewRows(const OpenNode& node, FewRowsFinder& fewRows, std::uint32_t first, std::uint32_t last,
                     BestSplit& best) const;
  PackedBlock blockOf(const OpenNode& node, std::uint32_t block) const;
  void improve(std::uint32_t block, const BlockSplits& splits, BestSplit& best) const;
  /** The whole subtree below a node, as a tree of its own. */
  GrownTree growSubtree(Candidate root, Worker& worker);

  Histogram takeHistogram(Worker& worker) const;
  // The first worker opens the large nodes, whose histograms end with the workers that grow their subtrees.
  void gatherSpares();
  void spreadSpares();

  const std::vector<BinnedColumn>& columns_;
  ByteMatrix matrix_;
  Objective objective_;
  Parameters parameters_;
  ThreadPool& pool_;
  RowOrder<Packed> order_;
  std::vector<Worker> workers_;

  // Of the tree being grown.
  PackedGradients gradients_;
  PackedPenalties penalties_;
  std::vector<bool> isDrawn_;  // by column: drawn, and not constant
};

}  // namespace orion::boosting
