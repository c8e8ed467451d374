// Hyper-parameters under the meaning that XGBoost gives them (https://xgboost.readthedocs.io, "XGBoost Parameters").
#pragma once

#include <cstdint>
#include <vector>

namespace orion::boosting {

/** What every prediction starts from under squared error: XGBoost 1.7's default, not the mean of the targets. */
constexpr float squaredErrorBaseScore = 0.5f;

enum class LossKind { Squared, Absolute, Quantile };

enum class TreeMethod {
  Precise,    // sums in double precision, thresholds midway between the values of a node: XGBoost's exact method
  Histogram,  // packed sums, thresholds between bins
};

struct Parameters {
  TreeMethod treeMethod = TreeMethod::Precise;
  LossKind loss = LossKind::Squared;
  double quantile = 0.5;       // quantile_alpha; of the quantile loss
  std::int64_t trees = 100;    // n_estimators
  double learningRate = 0.3;   // eta
  std::int64_t maxDepth = 6;   // levels of splits below the root
  double rowShare = 1;         // subsample: chance of a row to be drawn for a tree
  double columnShare = 1;      // colsample_bytree
  double lambda = 1;           // reg_lambda, L2
  double alpha = 0;            // reg_alpha, L1
  double minChildWeight = 1;   // rows of a child: the second derivative of squared error is 1
  double gamma = 0;            // smallest gain of a split that is kept
  std::int64_t maxBins = 256;  // max_bin; a column with no more distinct values is split exactly
  // By column: 1 rising, -1 falling, 0 free; empty = all free.
  std::vector<std::int8_t> monotone;
  // Rounds without a better error on the evaluation rows after which the fit ends; 0 = never.
  std::int64_t earlyStoppingRounds = 0;
  std::int64_t seed = 0;
  std::int64_t threads = 1;
};

/** Throws BadInput with a sentence that names the parameter as JavaScript does. */
void validate(const Parameters& parameters);

}  // namespace orion::boosting
