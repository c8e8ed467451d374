#include "boosting/precise_few_rows.h"

#include <algorithm>
#include <limits>

#include "base/vector_clones.h"

namespace orion::boosting {
namespace {

constexpr int lanes = RowBins::columnsPerBlock;

typedef double LaneDoubles __attribute__((vector_size(lanes * 8)));
typedef std::int64_t LaneIntegers __attribute__((vector_size(lanes * 8)));
typedef float LaneFloats __attribute__((vector_size(lanes * 4)));
/** The same in an array, which is aligned for its elements only. */
typedef double StoredLaneDoubles __attribute__((vector_size(lanes * 8), aligned(8)));

struct FewRowsNode {
  const double* gradients;  // [rows]
  std::uint32_t rows;
  Sums sums;
  float gain;
  double lambda;
  double alpha;
  double leastRows;  // of a child
};

/** Adds Objective::gain, lane by lane. */
inline __attribute__((always_inline)) void addGain(const LaneDoubles& gradients, const LaneDoubles& counts,
                                                   const FewRowsNode& node, LaneFloats& gain) {
  const LaneDoubles difference = (gradients < 0 ? -gradients : gradients) - node.alpha;
  const LaneDoubles magnitude = difference > 0 ? difference : LaneDoubles{};
  gain += __builtin_convertvector(magnitude * magnitude, LaneFloats) /
          __builtin_convertvector(counts + node.lambda, LaneFloats);
}

/** Greatest gain of each column of a block, 0 where there is none. @param bins [rows, lanes] */
ORION_WIDE_CLONES
void findGains(const double* bins, const FewRowsNode& node, float* gains) {
  const StoredLaneDoubles* rowBins = reinterpret_cast<const StoredLaneDoubles*>(bins);
  LaneDoubles greatest{};
  for (std::uint32_t i = 0; i < node.rows; ++i) {
    // Rows in the bin of row i or in a higher one go to the right.
    const LaneDoubles threshold = rowBins[i];
    LaneDoubles rightGradients{};
    LaneDoubles rightCounts{};
    for (std::uint32_t j = 0; j < node.rows; ++j) {
      const LaneIntegers isRight = rowBins[j] >= threshold;
      rightGradients += isRight ? node.gradients[j] - LaneDoubles{} : LaneDoubles{};
      rightCounts += isRight ? 1.0 - LaneDoubles{} : LaneDoubles{};
    }
    const LaneDoubles leftCounts = node.sums.count - rightCounts;
    LaneFloats gain{};
    addGain(rightGradients, rightCounts, node, gain);
    addGain(node.sums.gradient - rightGradients, leftCounts, node, gain);
    gain -= node.gain;
    // Widened without loss, so that one mask serves for all.
    const LaneDoubles wideGain = __builtin_convertvector(gain, LaneDoubles);
    const LaneIntegers isBetter = (rightCounts >= node.leastRows) & (leftCounts >= node.leastRows) &
                                  (wideGain > greatest) & (wideGain <= std::numeric_limits<float>::max());
    greatest = isBetter ? wideGain : greatest;
  }
  for (int lane = 0; lane < lanes; ++lane) gains[lane] = static_cast<float>(greatest[lane]);
}

}  // namespace

void RowBins::choose(const std::vector<BinnedColumn>& columns, const std::vector<std::uint32_t>& chosen,
                     std::uint32_t rows) {
  if (chosen == chosen_) return;
  chosen_ = chosen;
  width_ = static_cast<std::uint32_t>((chosen.size() + lanes - 1) / lanes * lanes);
  bins_.assign(static_cast<std::size_t>(rows) * width_, 0);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const BinnedColumn& column = columns[chosen[i]];
    for (std::uint32_t row = 0; row < rows; ++row) {
      bins_[static_cast<std::size_t>(row) * width_ + i] = static_cast<std::uint16_t>(column.binOf(row));
    }
  }
}

std::uint32_t PreciseFewRows::bestColumn(const RowBins& bins, const NodeRows& node, const Sums& sums, float nodeGain,
                                         const Objective& objective) {
  bins_.resize(static_cast<std::size_t>(bins.blocks()) * mostRows * lanes);
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const std::uint16_t* row = bins.row(node.rows[i]);
    for (std::uint32_t block = 0; block < bins.blocks(); ++block) {
      std::copy_n(row + block * lanes, lanes, bins_.data() + (block * mostRows + i) * lanes);
    }
  }
  const FewRowsNode searched{node.gradients,
                             node.count,
                             sums,
                             nodeGain,
                             objective.lambda(),
                             objective.alpha(),
                             std::max(1.0, objective.minChildWeight())};
  float greatest = 0;
  std::uint32_t best = noColumn;
  for (std::uint32_t block = 0; block < bins.blocks(); ++block) {
    float gains[lanes];
    findGains(bins_.data() + static_cast<std::size_t>(block) * mostRows * lanes, searched, gains);
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
      if (!(gains[lane] > greatest)) continue;
      greatest = gains[lane];
      best = bins.columns()[block * lanes + lane];
    }
  }
  return best;
}

}  // namespace orion::boosting
