// Grows one tree, a level at a time: the way that follows XGBoost's exact method.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "boosting/bins.h"
#include "boosting/grower.h"
#include "boosting/histogram.h"
#include "boosting/histogram_store.h"
#include "boosting/parameters.h"
#include "boosting/precise_few_rows.h"
#include "boosting/row_order.h"
#include "boosting/split.h"
#include "boosting/thread_pool.h"
#include "boosting/tree.h"

namespace orion::boosting {

/** Searches every distinct value with sums in double precision, all nodes of a level together. */
class PreciseGrower : public Grower {
 public:
  /** Keeps references to `columns` and `pool`. */
  PreciseGrower(const std::vector<BinnedColumn>& columns, std::uint32_t rows, const Parameters& parameters,
                ThreadPool& pool);

  GrownTree grow(const Sample& sample, const std::vector<double>& gradients) override;
  const std::uint32_t* rowsOf(RowRange range) const override { return order_.rowsOf(range).rows; }

 private:
  /** A node that may still be split. */
  struct OpenNode {
    std::int32_t node = 0;  // in the tree
    RowRange range;
    Sums sums;
    Bounds bounds;
    float gain = 0;  // objective.gain(sums), within the bounds
    std::int32_t histogram = HistogramStore::none;
    bool mayBeSplit = false;
    bool hasFewRows = false;  // and is searched by all columns at once
  };

  /** The root alone, or two siblings: the second one, with no fewer rows, may take over the parent's histogram. */
  struct Family {
    OpenNode small;
    OpenNode large;
    bool hasLarge = false;
    bool largeInherits = false;
  };

  struct Worker {
    Worker(const Objective& objective, std::uint32_t slots) : occupied(slots), finder(objective, slots) {}

    OccupiedBins occupied;
    SplitFinder finder;
    PreciseFewRows fewRows;
    std::vector<Split> best;  // [2 * families]: small, large
  };

  OpenNode open(GrownTree& grown, RowRange range, const Sums& sums, const Bounds& bounds);
  Family openChildren(GrownTree& grown, const OpenNode& parent, const Split& split, std::uint32_t middle);
  /** Best split of each node of the level, [2 * families]. */
  std::vector<Split> findSplits(std::vector<Family>& level, const std::vector<std::uint32_t>& columns);
  /** The columns that a tree must look at. */
  std::vector<std::uint32_t> searchedColumns(const std::vector<std::uint32_t>& drawn) const;
  /** Best splits of the nodes of few rows, into `best` ([2 * families]). */
  void findInFewRows(const std::vector<Family>& level, std::vector<Split>& best);
  void findInColumn(std::uint32_t column, Family& family, Worker& worker, Split& bestOfSmall, Split& bestOfLarge);
  void improve(std::uint32_t column, const OpenNode& node, Worker& worker, Split& best);
  std::vector<Family> splitLevel(GrownTree& grown, const std::vector<Family>& level, const std::vector<Split>& splits);
  /** Children on either side of a constrained split keep to their side of the middle between them. */
  std::pair<Bounds, Bounds> boundsOfChildren(const Bounds& parent, const Split& split) const;
  bool deservesHistogram(const OpenNode& node) const;

  const std::vector<BinnedColumn>& columns_;
  std::vector<std::uint32_t> classes_;  // by column
  std::uint32_t rows_;
  bool anyMissing_;
  RowBins rowBins_;
  Objective objective_;
  std::vector<std::int8_t> monotone_;  // by column; empty = no constraints
  float learningRate_;
  std::int64_t maxDepth_;
  std::uint32_t leastRowsOfHistogram_;
  ThreadPool& pool_;
  HistogramStore histograms_;
  RowOrder<double> order_;
  std::vector<Worker> workers_;
};

}  // namespace orion::boosting
