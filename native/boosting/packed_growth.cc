#include "boosting/packed_growth.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace orion::boosting {
namespace {

/** Nodes with fewer rows are not worth the threads' meeting for each of them. */
constexpr std::uint32_t leastRowsTogether = 2048;
/** Subtrees per thread, so that all have finished at about the same time. */
constexpr std::uint32_t subtreesPerThread = 8;

Packed sumOf(const PackedRows& rows) { return std::accumulate(rows.gradients, rows.gradients + rows.count, Packed{0}); }

/** Splits that only a larger gain replaces. */
BlockSplits startingAt(float gain) {
  BlockSplits splits;
  splits.gain.fill(gain);
  return splits;
}

/** Puts a subtree in the place of its root, `node`. */
void graft(GrownTree& grown, std::int32_t node, const GrownTree& subtree) {
  const auto offset = static_cast<std::int32_t>(grown.tree.size()) - 1;
  const auto moved = [offset](TreeNode from) {
    if (!from.isLeaf()) from.leftChild += offset;
    return from;
  };
  grown.tree[node] = moved(subtree.tree[0]);
  for (std::size_t i = 1; i < subtree.tree.size(); ++i) grown.tree.push_back(moved(subtree.tree[i]));
  grown.ranges.insert(grown.ranges.end(), subtree.ranges.begin() + 1, subtree.ranges.end());
}

}  // namespace

bool PackedGrower::suits(const std::vector<BinnedColumn>& columns, std::uint32_t rows) {
  return rows <= mostPackedRows && std::all_of(columns.begin(), columns.end(), [](const BinnedColumn& column) {
           return column.bins <= ByteMatrix::mostBins;
         });
}

PackedGrower::PackedGrower(const std::vector<BinnedColumn>& columns, std::uint32_t rows, const Parameters& parameters,
                           ThreadPool& pool)
    : columns_(columns), matrix_(columns, rows, pool), objective_(parameters), parameters_(parameters), pool_(pool) {
  for (std::size_t i = 0; i < pool.threads(); ++i) workers_.emplace_back(matrix_);
}

GrownTree PackedGrower::grow(const Sample& sample, const std::vector<double>& gradients) {
  packGradients(gradients, gradients_);
  penalties_.lambda = static_cast<float>(parameters_.lambda);
  penalties_.alpha = static_cast<float>(parameters_.alpha / gradients_.step);
  penalties_.leastRows = std::max(1.0f, static_cast<float>(parameters_.minChildWeight));
  isDrawn_.assign(columns_.size(), false);
  for (const std::uint32_t column : sample.columns) isDrawn_[column] = !columns_[column].isConstant();
  order_.reset(sample.rows, gradients_.values);
  gatherSpares();

  GrownTree grown;
  const auto rows = static_cast<std::uint32_t>(sample.rows.size());
  const auto threads = static_cast<std::uint32_t>(pool_.threads());
  const std::uint32_t together = std::max(leastRowsTogether, rows / (subtreesPerThread * threads));
  std::vector<Candidate> subtrees;
  std::vector<Candidate> large;
  large.push_back(openRoot(grown, rows));
  while (!large.empty()) {
    Candidate next = std::move(large.back());
    large.pop_back();
    if (next.node.range.size() < together) {
      subtrees.push_back(std::move(next));
      continue;
    }
    for (Candidate& child : split(grown, std::move(next), workers_[0], true)) large.push_back(std::move(child));
  }

  std::stable_sort(subtrees.begin(), subtrees.end(),
                   [](const Candidate& a, const Candidate& b) { return a.node.range.size() > b.node.range.size(); });
  std::vector<GrownTree> grownSubtrees(subtrees.size());
  spreadSpares();
  pool_.forEach(subtrees.size(), [&](std::size_t i, std::size_t worker) {
    grownSubtrees[i] = growSubtree(std::move(subtrees[i]), workers_[worker]);
  });
  for (std::size_t i = 0; i < subtrees.size(); ++i) graft(grown, subtrees[i].node.node, grownSubtrees[i]);
  return grown;
}

PackedGrower::OpenNode PackedGrower::open(GrownTree& grown, std::int64_t depth, RowRange range, Packed sums) const {
  OpenNode node;
  node.node = static_cast<std::int32_t>(grown.tree.size());
  node.depth = depth;
  node.range = range;
  node.sums = sums;
  const Sums real{static_cast<double>(gradientOf(sums)) * gradients_.step, static_cast<double>(countOf(sums))};
  grown.tree.emplace_back();
  grown.tree.back().weight = objective_.weight(real) * static_cast<float>(parameters_.learningRate);
  grown.tree.back().cover = static_cast<float>(range.size());
  grown.ranges.push_back(range);
  return node;
}

bool PackedGrower::mayBeSplit(const OpenNode& node) const {
  return node.depth < parameters_.maxDepth && static_cast<float>(node.range.size()) >= 2 * penalties_.leastRows;
}

bool PackedGrower::deservesHistogram(const OpenNode& node) const {
  return mayBeSplit(node) && node.range.size() > FewRowsFinder::mostRows;
}

PackedGrower::Candidate PackedGrower::openRoot(GrownTree& grown, std::uint32_t rows) {
  const RowRange all{0, rows};
  std::vector<Candidate> alone;
  alone.push_back({open(grown, 0, all, sumOf(order_.rowsOf(all))), {}});
  if (deservesHistogram(alone[0].node)) alone[0].node.histogram = takeHistogram(workers_[0]);
  search(alone, workers_[0], true);
  return std::move(alone[0]);
}

std::vector<PackedGrower::Candidate> PackedGrower::split(GrownTree& grown, Candidate parent, Worker& worker,
                                                         bool together) {
  if (parent.split.gain == 0) {
    if (parent.node.histogram) worker.spare.push_back(std::move(parent.node.histogram));
    return {};
  }
  const BestSplit& best = parent.split;
  const BinnedColumn& column = columns_[best.column];
  const Parting parting{best.lastLeftByte - 1, best.missingLeft};
  const RowRange range = parent.node.range;
  const auto [middle, firstRightBin] = order_.part(range, parting, column);

  TreeNode& node = grown.tree[parent.node.node];
  node.leftChild = static_cast<std::int32_t>(grown.tree.size());
  node.column = best.column;
  node.threshold = column.thresholdAfter(parting.lastLeftBin, firstRightBin);
  node.missingLeft = best.missingLeft;
  node.gain = best.gain;

  const Packed leftSums = sumOf(order_.rowsOf({range.begin, middle}));
  std::vector<Candidate> children(2);
  children[0].node = open(grown, parent.node.depth + 1, {range.begin, middle}, leftSums);
  children[1].node = open(grown, parent.node.depth + 1, {middle, range.end}, parent.node.sums - leftSums);
  // The smaller one first: the other takes over the parent's histogram.
  if (children[0].node.range.size() > children[1].node.range.size()) std::swap(children[0], children[1]);
  if (deservesHistogram(children[0].node)) children[0].node.histogram = takeHistogram(worker);
  if (deservesHistogram(children[1].node)) {
    children[1].node.histogram = std::move(parent.node.histogram);
  } else if (parent.node.histogram) {
    worker.spare.push_back(std::move(parent.node.histogram));
  }
  search(children, worker, together);
  return children;
}

void PackedGrower::search(std::vector<Candidate>& siblings, Worker& worker, bool together) {
  const bool anyMaySplit =
      std::any_of(siblings.begin(), siblings.end(), [&](const Candidate& each) { return mayBeSplit(each.node); });
  if (!anyMaySplit) return;
  const std::uint32_t blocks = matrix_.blocks();
  const std::uint32_t parts = together ? std::min(blocks, static_cast<std::uint32_t>(pool_.threads())) : 1;
  std::vector<std::vector<BestSplit>> best(parts, std::vector<BestSplit>(siblings.size()));
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    const float nodeGain = packedGain(siblings[i].node.sums, penalties_);
    for (auto& part : best) part[i].gain = nodeGain;
  }
  const auto searchPart = [&](std::size_t part, Worker& its) {
    const auto first = static_cast<std::uint32_t>(part * blocks / parts);
    const auto last = static_cast<std::uint32_t>((part + 1) * blocks / parts);
    searchBlocks(siblings, its, first, last, best[part]);
  };
  if (together) {
    pool_.forEach(parts, [&](std::size_t part, std::size_t index) { searchPart(part, workers_[index]); });
  } else {
    searchPart(0, worker);
  }

  const double squaredStep = gradients_.step * gradients_.step;
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    BestSplit& chosen = siblings[i].split;
    chosen = best[0][i];
    for (const auto& part : best) {
      if (part[i].gain > chosen.gain) chosen = part[i];
    }
    const float nodeGain = packedGain(siblings[i].node.sums, penalties_);
    const auto gain = static_cast<float>(static_cast<double>(chosen.gain - nodeGain) * squaredStep);
    chosen.gain = gain > leastGain ? gain : 0;
  }
}

void PackedGrower::searchBlocks(const std::vector<Candidate>& siblings, Worker& worker, std::uint32_t first,
                                std::uint32_t last, std::vector<BestSplit>& best) const {
  // The larger sibling has a histogram where the smaller one has.
  if (siblings.back().node.histogram) searchHistograms(siblings, worker.tile, first, last, best);
  for (std::size_t i = 0; i < siblings.size(); ++i) {
    const OpenNode& node = siblings[i].node;
    if (mayBeSplit(node) && !node.histogram) searchFewRows(node, worker.fewRows, first, last, best[i]);
  }
}

void PackedGrower::searchHistograms(const std::vector<Candidate>& siblings, RowTile& tile, std::uint32_t first,
                                    std::uint32_t last, std::vector<BestSplit>& best) const {
  const OpenNode& small = siblings.front().node;
  const OpenNode& large = siblings.back().node;
  const PackedRows rows = order_.rowsOf(small.range);
  for (std::uint32_t begin = 0; begin < rows.count; begin += RowTile::mostRows) {
    const std::uint32_t count = std::min(RowTile::mostRows, rows.count - begin);
    const std::uint32_t following = rows.count - begin - count;
    tile.copy(rows.rows + begin, count, following, first, last);
    for (std::uint32_t block = first; block < last; ++block) {
      const PackedBlock smallBlock = blockOf(small, block);
      const PackedBlock largeBlock = blockOf(large, block);
      if (small.histogram) {
        if (begin == 0) std::fill_n(smallBlock.sums, smallBlock.slots * ByteMatrix::columnsPerBlock, Packed{0});
        addPacked(tile.of(block), rows.gradients + begin, count, smallBlock.sums);
      } else {
        removePacked(tile.of(block), rows.gradients + begin, count, largeBlock.sums);
      }
      if (following > 0) continue;
      // At once, while the sums are in the nearest cache.
      BlockSplits splits = startingAt(best.front().gain);
      BlockSplits largeSplits = startingAt(best.back().gain);
      if (&small == &large) {
        findPacked(smallBlock, penalties_, splits);
      } else if (small.histogram) {
        subtractAndFindPacked(smallBlock, largeBlock, penalties_, splits, largeSplits);
      } else {
        findPacked(largeBlock, penalties_, largeSplits);
      }
      improve(block, splits, best.front());
      if (&small != &large) improve(block, largeSplits, best.back());
    }
  }
}

void PackedGrower::searchFewRows(const OpenNode& node, FewRowsFinder& fewRows, std::uint32_t first, std::uint32_t last,
                                 BestSplit& best) const {
  fewRows.begin(order_.rowsOf(node.range));
  for (std::uint32_t block = first; block < last; ++block) {
    BlockSplits splits = startingAt(best.gain);
    fewRows.find(block, penalties_, splits);
    improve(block, splits, best);
  }
}

PackedBlock PackedGrower::blockOf(const OpenNode& node, std::uint32_t block) const {
  Packed* sums = node.histogram ? node.histogram.get() + block * packedSlotsPerBlock : nullptr;
  return {sums, matrix_.slots(block), matrix_.hasMissing(block), node.sums};
}

void PackedGrower::improve(std::uint32_t block, const BlockSplits& splits, BestSplit& best) const {
  for (std::uint32_t i = 0; i < ByteMatrix::columnsPerBlock; ++i) {
    const std::uint32_t column = block * ByteMatrix::columnsPerBlock + i;
    if (column >= columns_.size() || !isDrawn_[column] || !(splits.gain[i] > best.gain)) continue;
    best = {splits.gain[i], column, splits.lastLeftByte[i], splits.missingLeft[i] != 0};
  }
}

GrownTree PackedGrower::growSubtree(Candidate root, Worker& worker) {
  GrownTree grown;
  root.node.node = open(grown, root.node.depth, root.node.range, root.node.sums).node;
  std::vector<Candidate> candidates;
  candidates.push_back(std::move(root));
  while (!candidates.empty()) {
    Candidate next = std::move(candidates.back());
    candidates.pop_back();
    for (Candidate& child : split(grown, std::move(next), worker, false)) candidates.push_back(std::move(child));
  }
  return grown;
}

PackedGrower::Histogram PackedGrower::takeHistogram(Worker& worker) const {
  if (worker.spare.empty()) return Histogram(new Packed[matrix_.blocks() * packedSlotsPerBlock]);
  Histogram histogram = std::move(worker.spare.back());
  worker.spare.pop_back();
  return histogram;
}

void PackedGrower::gatherSpares() {
  std::vector<Histogram>& first = workers_[0].spare;
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    std::vector<Histogram>& spare = workers_[i].spare;
    std::move(spare.begin(), spare.end(), std::back_inserter(first));
    spare.clear();
  }
}

void PackedGrower::spreadSpares() {
  std::vector<Histogram>& first = workers_[0].spare;
  const std::size_t share = first.size() / workers_.size();
  for (std::size_t i = 1; i < workers_.size(); ++i) {
    const auto from = first.end() - static_cast<std::ptrdiff_t>(share);
    std::move(from, first.end(), std::back_inserter(workers_[i].spare));
    first.erase(from, first.end());
  }
}

}  // namespace orion::boosting
