#include "boosting/precise_growth.h"

#include <algorithm>

#include "boosting/column_classes.h"

namespace orion::boosting {
namespace {

/**
 * Nodes with fewer rows are searched from the rows themselves: cheaper than reading a histogram that is mostly empty,
 * and it bounds the memory of a level's histograms by a multiple of the rows, however many bins there are.
 */
std::uint32_t leastRowsOfHistogram(const std::vector<BinnedColumn>& columns) {
  std::size_t slots = 0;
  for (const auto& column : columns) slots += column.slots();
  const std::size_t halfOfMeanSlots = slots / columns.size() / 2;
  return static_cast<std::uint32_t>(std::max<std::size_t>(256, halfOfMeanSlots));
}

std::uint32_t mostSlots(const std::vector<BinnedColumn>& columns) {
  std::uint32_t most = 0;
  for (const auto& column : columns) most = std::max(most, column.slots());
  return most;
}

Sums sumOf(const NodeRows& node) {
  Sums sums;
  for (std::uint32_t i = 0; i < node.count; ++i) sums += Sums{node.gradients[i], 1};
  return sums;
}

}  // namespace

PreciseGrower::PreciseGrower(const std::vector<BinnedColumn>& columns, std::uint32_t rows, const Parameters& parameters,
                             ThreadPool& pool)
    : columns_(columns),
      classes_(columnClasses(columns, rows)),
      rows_(rows),
      anyMissing_(
          std::any_of(columns.begin(), columns.end(), [](const BinnedColumn& each) { return each.hasMissing; })),
      objective_(parameters),
      monotone_(parameters.monotone),
      learningRate_(static_cast<float>(parameters.learningRate)),
      maxDepth_(parameters.maxDepth),
      leastRowsOfHistogram_(leastRowsOfHistogram(columns)),
      pool_(pool),
      histograms_(columns),
      workers_(pool.threads(), Worker(objective_, mostSlots(columns))) {}

GrownTree PreciseGrower::grow(const Sample& sample, const std::vector<double>& gradients) {
  order_.reset(sample.rows, gradients);
  const std::vector<std::uint32_t> columns = searchedColumns(sample.columns);
  if (!anyMissing_) rowBins_.choose(columns_, columns, rows_);
  GrownTree grown;
  const RowRange all{0, static_cast<std::uint32_t>(sample.rows.size())};
  Family root;
  root.small = open(grown, all, sumOf(order_.rowsOf(all)), Bounds{});
  if (deservesHistogram(root.small)) root.small.histogram = histograms_.acquire();

  std::vector<Family> level{root};
  for (std::int64_t depth = 0; depth < maxDepth_ && !level.empty(); ++depth) {
    const std::vector<Split> splits = findSplits(level, columns);
    level = splitLevel(grown, level, splits);
  }
  for (const Family& family : level) {
    histograms_.release(family.small.histogram);
    histograms_.release(family.large.histogram);
  }
  return grown;
}

PreciseGrower::OpenNode PreciseGrower::open(GrownTree& grown, RowRange range, const Sums& sums, const Bounds& bounds) {
  OpenNode node;
  node.node = static_cast<std::int32_t>(grown.tree.size());
  node.range = range;
  node.sums = sums;
  node.bounds = bounds;
  if (sums.count > 0) node.gain = monotone_.empty() ? objective_.gain(sums) : objective_.gain(sums, bounds);
  node.mayBeSplit = sums.count >= 2 && sums.count >= 2 * objective_.minChildWeight();
  node.hasFewRows = range.size() <= PreciseFewRows::mostRows && monotone_.empty() && !anyMissing_;
  grown.tree.emplace_back();
  grown.tree.back().weight = static_cast<float>(objective_.weight(sums, bounds)) * learningRate_;
  grown.tree.back().cover = static_cast<float>(range.size());
  grown.ranges.push_back(range);
  return node;
}

std::pair<Bounds, Bounds> PreciseGrower::boundsOfChildren(const Bounds& parent, const Split& split) const {
  Bounds left = parent;
  Bounds right = parent;
  const int direction = monotone_.empty() ? 0 : monotone_[split.column];
  if (direction != 0) {
    const double middle = (objective_.weight(split.left, parent) + objective_.weight(split.right, parent)) / 2;
    (direction > 0 ? left.upper : left.lower) = middle;
    (direction > 0 ? right.lower : right.upper) = middle;
  }
  return {left, right};
}

bool PreciseGrower::deservesHistogram(const OpenNode& node) const {
  return node.mayBeSplit && node.range.size() >= leastRowsOfHistogram_;
}

PreciseGrower::Family PreciseGrower::openChildren(GrownTree& grown, const OpenNode& parent, const Split& split,
                                                  std::uint32_t middle) {
  Family family;
  family.hasLarge = true;
  const auto [leftBounds, rightBounds] = boundsOfChildren(parent.bounds, split);
  family.small = open(grown, {parent.range.begin, middle}, split.left, leftBounds);
  family.large = open(grown, {middle, parent.range.end}, split.right, rightBounds);
  if (family.small.range.size() > family.large.range.size()) std::swap(family.small, family.large);

  if (deservesHistogram(family.large)) {
    family.large.histogram = parent.histogram;
    family.largeInherits = true;
  } else {
    histograms_.release(parent.histogram);
  }
  if (deservesHistogram(family.small)) family.small.histogram = histograms_.acquire();
  return family;
}

std::vector<std::uint32_t> PreciseGrower::searchedColumns(const std::vector<std::uint32_t>& drawn) const {
  // Constraints tell columns of a class apart.
  return monotone_.empty() ? distinctColumns(drawn, classes_, columns_) : drawn;
}

std::vector<Split> PreciseGrower::findSplits(std::vector<Family>& level, const std::vector<std::uint32_t>& columns) {
  std::vector<std::size_t> byColumn;
  for (std::size_t i = 0; i < level.size(); ++i) {
    if (!level[i].small.hasFewRows || (level[i].hasLarge && !level[i].large.hasFewRows)) byColumn.push_back(i);
  }
  for (Worker& worker : workers_) worker.best.assign(2 * level.size(), Split{});
  pool_.forEach(columns.size(), [&](std::size_t index, std::size_t workerIndex) {
    const std::uint32_t column = columns[index];
    if (columns_[column].isConstant()) return;
    Worker& worker = workers_[workerIndex];
    for (const std::size_t i : byColumn) {
      findInColumn(column, level[i], worker, worker.best[2 * i], worker.best[2 * i + 1]);
    }
  });

  std::vector<Split> best = workers_[0].best;
  for (const Worker& worker : workers_) {
    for (std::size_t i = 0; i < best.size(); ++i) {
      if (worker.best[i].isBetterThan(best[i])) best[i] = worker.best[i];
    }
  }
  findInFewRows(level, best);
  return best;
}

void PreciseGrower::findInFewRows(const std::vector<Family>& level, std::vector<Split>& best) {
  pool_.forEach(best.size(), [&](std::size_t i, std::size_t workerIndex) {
    const OpenNode& node = i % 2 == 0 ? level[i / 2].small : level[i / 2].large;
    if (!node.mayBeSplit || !node.hasFewRows) return;
    Worker& worker = workers_[workerIndex];
    const std::uint32_t column =
        worker.fewRows.bestColumn(rowBins_, order_.rowsOf(node.range), node.sums, node.gain, objective_);
    if (column == PreciseFewRows::noColumn) return;
    worker.occupied.collect(columns_[column], order_.rowsOf(node.range));
    worker.finder.improve(column, columns_[column], worker.occupied, node.sums, node.gain, best[i]);
  });
}

void PreciseGrower::findInColumn(std::uint32_t column, Family& family, Worker& worker, Split& bestOfSmall,
                                 Split& bestOfLarge) {
  const OpenNode& small = family.small;
  const OpenNode& large = family.large;
  const NodeRows smallRows = order_.rowsOf(small.range);
  if (small.histogram != HistogramStore::none) {
    buildHistogram(columns_[column], smallRows, histograms_.of(small.histogram, column));
  }
  if (family.largeInherits) {
    // It still holds the parent's sums.
    Sums* inherited = histograms_.of(large.histogram, column);
    if (small.histogram != HistogramStore::none) {
      subtractHistogram(columns_[column].slots(), histograms_.of(small.histogram, column), inherited);
    } else {
      removeRows(columns_[column], smallRows, inherited);
    }
  }
  improve(column, small, worker, bestOfSmall);
  if (family.hasLarge) improve(column, large, worker, bestOfLarge);
}

void PreciseGrower::improve(std::uint32_t column, const OpenNode& node, Worker& worker, Split& best) {
  if (!node.mayBeSplit || node.hasFewRows) return;
  if (node.histogram != HistogramStore::none) {
    worker.occupied.collect(columns_[column], histograms_.of(node.histogram, column));
  } else {
    worker.occupied.collect(columns_[column], order_.rowsOf(node.range));
  }
  if (!monotone_.empty()) worker.finder.constrain(node.bounds, monotone_[column]);
  worker.finder.improve(column, columns_[column], worker.occupied, node.sums, node.gain, best);
}

std::vector<PreciseGrower::Family> PreciseGrower::splitLevel(GrownTree& grown, const std::vector<Family>& level,
                                                             const std::vector<Split>& splits) {
  struct Parting {
    const OpenNode* parent;
    const Split* split;
    std::uint32_t middle;
  };
  std::vector<Parting> partings;
  for (std::size_t i = 0; i < level.size(); ++i) {
    for (const bool isLarge : {false, true}) {
      const OpenNode& node = isLarge ? level[i].large : level[i].small;
      const Split& split = splits[2 * i + isLarge];
      if (split.gain > leastGain) {
        partings.push_back({&node, &split, 0});
      } else {
        histograms_.release(node.histogram);
      }
    }
  }

  pool_.forEach(partings.size(), [&](std::size_t i, std::size_t) {
    Parting& parting = partings[i];
    parting.middle = order_.part(parting.parent->range, parting.split->parting, columns_[parting.split->column]).middle;
  });

  std::vector<Family> next;
  next.reserve(partings.size());
  for (const Parting& parting : partings) {
    TreeNode& node = grown.tree[parting.parent->node];
    node.leftChild = static_cast<std::int32_t>(grown.tree.size());
    node.column = parting.split->column;
    node.threshold = parting.split->threshold;
    node.missingLeft = parting.split->parting.missingLeft;
    node.gain = parting.split->gain;
    next.push_back(openChildren(grown, *parting.parent, *parting.split, parting.middle));
  }
  return next;
}

}  // namespace orion::boosting
