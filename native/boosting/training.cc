#include "boosting/training.h"

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "boosting/bins.h"
#include "boosting/gradients.h"
#include "boosting/loss.h"
#include "boosting/packed_growth.h"
#include "boosting/precise_growth.h"
#include "boosting/pruning.h"
#include "boosting/sampling.h"
#include "boosting/thread_pool.h"
#include "boosting/validation.h"

namespace orion::boosting {
namespace {

/** Calls visit(leaf, its rows, their number) for each leaf of a tree, with the rows that it was grown from. */
template <typename Visit>
void forEachLeaf(GrownTree& grown, const Grower& grower, Visit visit) {
  std::vector<std::int32_t> pending{0};
  while (!pending.empty()) {
    const std::int32_t index = pending.back();
    pending.pop_back();
    TreeNode& node = grown.tree[index];
    if (!node.isLeaf()) {
      pending.push_back(node.leftChild);
      pending.push_back(node.leftChild + 1);
      continue;
    }
    const RowRange leaf = grown.ranges[index];
    visit(node, grower.rowsOf(leaf), leaf.size());
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
  const bool isQuick = parameters.treeMethod == TreeMethod::Histogram && parameters.monotone.empty();
  if (isQuick && PackedGrower::suits(columns, rows)) {
    return std::make_unique<PackedGrower>(columns, rows, parameters, pool);
  }
  return std::make_unique<PreciseGrower>(columns, rows, parameters, pool);
}

void requireExamples(const Examples& examples) {
  requireShape(examples.rows, examples.columns);
  requireNoInfinity(examples.features, examples.rows, examples.columns);
  requireFiniteTargets(examples.targets, examples.rows);
}

void requireAgreement(const Parameters& parameters, std::size_t columns, const std::optional<Examples>& evaluation) {
  if (!parameters.monotone.empty() && parameters.monotone.size() != columns) {
    throw Error(ErrorCode::BadInput, "boosting: there are " + std::to_string(parameters.monotone.size()) +
                                         " monotoneConstraints for " + std::to_string(columns) +
                                         " columns; expected one for each.");
  }
  if (evaluation && evaluation->columns != columns) {
    throw Error(ErrorCode::BadInput, "boosting: the evaluation rows have " + std::to_string(evaluation->columns) +
                                         " columns, the training rows " + std::to_string(columns) + ".");
  }
  if (parameters.earlyStoppingRounds > 0 && !evaluation) {
    throw Error(ErrorCode::BadInput, "boosting: earlyStoppingRounds is given; it needs evaluation rows.");
  }
}

/** Predictions for the evaluation rows as trees are added, and the number of trees that served them best. */
class Evaluation {
 public:
  Evaluation(const std::optional<Examples>& examples, const Loss& loss, float baseScore)
      : examples_(examples), loss_(loss), predictions_(examples ? examples->rows : 0, baseScore) {}

  /** Returns the error; NaN without rows. */
  double add(const Tree& tree) {
    ++trees_;
    if (!examples_) return std::numeric_limits<double>::quiet_NaN();
    for (std::size_t row = 0; row < examples_->rows; ++row) {
      predictions_[row] += boosting::leafOf(tree, examples_->features + row * examples_->columns).weight;
    }
    const double error = loss_.error(predictions_, examples_->targets);
    if (error < leastError_) {
      leastError_ = error;
      bestTrees_ = trees_;
    }
    return error;
  }

  std::int64_t bestTrees() const { return bestTrees_; }
  std::int64_t roundsWithoutGain() const { return trees_ - bestTrees_; }

 private:
  const std::optional<Examples>& examples_;
  const Loss& loss_;
  std::vector<float> predictions_;
  double leastError_ = std::numeric_limits<double>::infinity();
  std::int64_t trees_ = 0;
  std::int64_t bestTrees_ = 0;
};

}  // namespace

std::optional<Booster> train(const Examples& examples, const Parameters& parameters,
                             const std::optional<Examples>& evaluation, const OnProgress& onProgress) {
  validate(parameters);
  requireExamples(examples);
  if (evaluation) requireExamples(*evaluation);
  requireAgreement(parameters, examples.columns, evaluation);

  const auto rows = static_cast<std::uint32_t>(examples.rows);
  const auto columns = static_cast<std::uint32_t>(examples.columns);
  ThreadPool pool(static_cast<std::size_t>(parameters.threads));
  const std::vector<BinnedColumn> binned = binColumns(examples.features, rows, columns, mostBins(parameters), pool);
  const std::unique_ptr<Grower> grower = makeGrower(binned, rows, parameters, pool);
  Sampler sampler(static_cast<std::uint32_t>(parameters.seed), parameters.rowShare, parameters.columnShare);
  const Loss loss(parameters);
  const float baseScore = loss.baseScore(examples.targets, rows);
  Evaluation evaluated(evaluation, loss, baseScore);

  std::vector<Tree> trees;
  std::vector<float> predictions(rows, baseScore);
  std::vector<double> gradients;
  for (std::int64_t round = 1; round <= parameters.trees; ++round) {
    loss.gradients(predictions, examples.targets, gradients);
    roundToGrid(gradients);
    const Sample sample = sampler.next(rows, columns);
    GrownTree grown = grower->grow(sample, gradients);
    prune(grown.tree, static_cast<float>(parameters.gamma));
    forEachLeaf(grown, *grower, [&](TreeNode& leaf, const std::uint32_t* its, std::uint32_t count) {
      if (loss.setsLeaves()) {
        leaf.weight =
            loss.leafOf(its, count, predictions, examples.targets) * static_cast<float>(parameters.learningRate);
      }
      for (std::uint32_t i = 0; i < count; ++i) predictions[its[i]] += leaf.weight;
    });
    trees.push_back(compact(grown.tree));
    for (const std::uint32_t row : sample.left) {
      predictions[row] += leafOf(trees.back(), examples.features + row * examples.columns).weight;
    }

    const double error = evaluated.add(trees.back());
    if (onProgress && !onProgress({round, error})) return std::nullopt;
    if (parameters.earlyStoppingRounds > 0 && evaluated.roundsWithoutGain() >= parameters.earlyStoppingRounds) break;
  }
  if (parameters.earlyStoppingRounds > 0) trees.resize(static_cast<std::size_t>(evaluated.bestTrees()));
  return Booster(examples.columns, baseScore, std::move(trees));
}

Booster train(const float* features, std::size_t rows, std::size_t columns, const float* targets,
              const Parameters& parameters) {
  return *train({features, rows, columns, targets}, parameters, std::nullopt, nullptr);
}

}  // namespace orion::boosting
