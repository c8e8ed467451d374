#include "boosting/booster.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

#include "base/error.h"
#include "boosting/shap.h"
#include "boosting/thread_pool.h"
#include "boosting/validation.h"

namespace orion::boosting {
namespace {

/** Of a parallel loop over rows. */
constexpr std::size_t predictedRowsPerTask = 1024;
/** Laying trees out takes as long as 5,000 to 10,000 rows save. */
constexpr std::size_t rowsThatRepayLayout = 10'000;

void requireTree(const Tree& tree, std::size_t index, std::size_t columns) {
  const auto reject = [&](const char* what) {
    throw Error(ErrorCode::BadInput, "boosting: tree " + std::to_string(index) + " " + what + ".");
  };
  if (tree.empty()) reject("has no node");
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree[i].isLeaf()) continue;
    const auto left = static_cast<std::size_t>(tree[i].leftChild);
    if (left <= i || left + 1 >= tree.size()) reject("has a child that does not follow its parent");
    if (tree[i].column >= columns) reject("splits by a column that the model does not have");
  }
}

/** Calls work(first, last) for all rows, in pieces. */
template <typename Work>
void forRows(std::size_t rows, std::size_t threads, Work work) {
  const std::size_t tasks = (rows + predictedRowsPerTask - 1) / predictedRowsPerTask;
  ThreadPool pool(std::max<std::size_t>(1, std::min(threads, tasks)));
  pool.forEach(tasks, [&](std::size_t task, std::size_t) {
    work(task * predictedRowsPerTask, std::min(rows, (task + 1) * predictedRowsPerTask));
  });
}

}  // namespace

Booster::Booster(std::size_t columns, float baseScore, std::vector<Tree> trees)
    : columns_(columns), baseScore_(baseScore), trees_(std::move(trees)), laidOut_(std::make_unique<LaidOut>()) {
  for (std::size_t i = 0; i < trees_.size(); ++i) {
    requireTree(trees_[i], i, columns);
    forest_.add(trees_[i]);
  }
}

std::vector<float> Booster::predict(const float* features, std::size_t rows, std::size_t threads) const {
  std::vector<float> predictions(rows, baseScore_);
  const RankedForest* ranked = rankedFor(rows);
  std::atomic<bool> anyNotFinite = false;
  forRows(rows, threads, [&](std::size_t first, std::size_t last) {
    const float* its = features + first * columns_;
    const bool allFinite = areFinite(its, (last - first) * columns_);
    if (ranked && allFinite) {
      ranked->addTo(its, last - first, columns_, predictions.data() + first);
    } else {
      forest_.addTo(its, last - first, columns_, predictions.data() + first);
    }
    if (!allFinite) anyNotFinite = true;
  });
  if (anyNotFinite) requireNoInfinity(features, rows, columns_);
  return predictions;
}

const RankedForest* Booster::rankedFor(std::size_t rows) const {
  if (rows < rowsThatRepayLayout) return nullptr;
  std::call_once(laidOut_->done, [this] { laidOut_->forest = RankedForest::of(trees_); });
  return laidOut_->forest ? &*laidOut_->forest : nullptr;
}

std::vector<double> Booster::contributions(const float* features, std::size_t rows, std::size_t threads) const {
  requireNoInfinity(features, rows, columns_);
  const std::size_t width = columns_ + 1;
  std::vector<double> contributions(rows * width, 0);
  double constant = baseScore_;
  for (const Tree& tree : trees_) constant += meanOf(tree);
  forRows(rows, threads, [&](std::size_t first, std::size_t last) {
    for (std::size_t row = first; row < last; ++row) {
      double* to = contributions.data() + row * width;
      to[columns_] = constant;
      for (const Tree& tree : trees_) addContributions(tree, features + row * columns_, to);
    }
  });
  return contributions;
}

}  // namespace orion::boosting
