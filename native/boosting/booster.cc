#include "boosting/booster.h"

#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "base/error.h"
#include "boosting/bins.h"
#include "boosting/gradients.h"
#include "boosting/packed_growth.h"
#include "boosting/precise_growth.h"
#include "boosting/pruning.h"
#include "boosting/sampling.h"
#include "boosting/thread_pool.h"

namespace orion::boosting {
namespace {

[[noreturn]] void reject(const std::string& sentence) { throw Error(ErrorCode::BadInput, "boosting: " + sentence); }

void requireNoInfinity(const float* features, std::size_t rows, std::size_t columns) {
  for (std::size_t i = 0; i < rows * columns; ++i) {
    if (!std::isinf(features[i])) continue;
    reject("the feature in row " + std::to_string(i / columns) + ", column " + std::to_string(i % columns) +
           " is infinite; expected a finite number, or NaN for a missing value.");
  }
}

void requireShape(std::size_t rows, std::size_t columns) {
  constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
  if (rows == 0 || columns == 0 || rows > most || columns > most) {
    reject("the features have " + std::to_string(rows) + " rows and " + std::to_string(columns) +
           " columns; expected at least one of each, and no more than 2^31 - 1.");
  }
}

void requireFiniteTargets(const float* targets, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    if (std::isfinite(targets[row])) continue;
    reject("the target of row " + std::to_string(row) + " is " + std::to_string(targets[row]) +
           "; expected a finite number.");
  }
}

/** Adds the weights of a tree's leaves to the predictions of the rows that it was grown from. */
void addLeaves(const GrownTree& grown, const Grower& grower, std::vector<float>& predictions) {
  std::vector<std::int32_t> pending{0};
  while (!pending.empty()) {
    const std::int32_t index = pending.back();
    pending.pop_back();
    const TreeNode& node = grown.tree[index];
    if (!node.isLeaf()) {
      pending.push_back(node.leftChild);
      pending.push_back(node.leftChild + 1);
      continue;
    }
    const RowRange leaf = grown.ranges[index];
    const std::uint32_t* rows = grower.rowsOf(leaf);
    for (std::uint32_t i = 0; i < leaf.size(); ++i) predictions[rows[i]] += node.weight;
  }
}

/** Of a column. Bytes leave room for one bin less than XGBoost's default. */
std::uint32_t mostBins(const Parameters& parameters) {
  const auto asked = static_cast<std::uint32_t>(parameters.maxBins);
  const bool isDefault = parameters.treeMethod == TreeMethod::Histogram && asked == ByteMatrix::mostBins + 1;
  return isDefault ? ByteMatrix::mostBins : asked;
}

std::unique_ptr<Grower> makeGrower(const std::vector<BinnedColumn>& columns, std::uint32_t rows,
                                   const Parameters& parameters, ThreadPool& pool) {
  if (parameters.treeMethod == TreeMethod::Histogram && PackedGrower::suits(columns, rows)) {
    return std::make_unique<PackedGrower>(columns, rows, parameters, pool);
  }
  return std::make_unique<PreciseGrower>(columns, parameters, pool);
}

}  // namespace

std::vector<float> Booster::predict(const float* features, std::size_t rows) const {
  requireNoInfinity(features, rows, columns_);
  std::vector<float> predictions(rows, baseScore);
  forest_.addTo(features, rows, columns_, predictions.data());
  return predictions;
}

Booster train(const float* features, std::size_t rows, std::size_t columns, const float* targets,
              const Parameters& parameters) {
  validate(parameters);
  requireShape(rows, columns);
  requireNoInfinity(features, rows, columns);
  requireFiniteTargets(targets, rows);

  const auto rowCount = static_cast<std::uint32_t>(rows);
  const auto columnCount = static_cast<std::uint32_t>(columns);
  ThreadPool pool(static_cast<std::size_t>(parameters.threads));
  const std::vector<BinnedColumn> binned =
      binColumns(features, rowCount, columnCount, mostBins(parameters), pool);
  Sampler sampler(static_cast<std::uint32_t>(parameters.seed), parameters.rowShare, parameters.columnShare);
  const std::unique_ptr<Grower> grower = makeGrower(binned, rowCount, parameters, pool);

  Booster booster;
  booster.columns_ = columns;
  std::vector<float> predictions(rows, baseScore);
  std::vector<double> gradients;
  for (std::int64_t i = 0; i < parameters.trees; ++i) {
    computeGradients(predictions, targets, gradients);
    const Sample sample = sampler.next(rowCount, columnCount);
    GrownTree grown = grower->grow(sample, gradients);
    prune(grown.tree, static_cast<float>(parameters.gamma));
    addLeaves(grown, *grower, predictions);
    for (const std::uint32_t row : sample.left) predictions[row] += weightOf(grown.tree, features + row * columns);
    booster.forest_.add(grown.tree);
  }
  return booster;
}

}  // namespace orion::boosting
