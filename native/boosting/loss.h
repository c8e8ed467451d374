// Losses: what they make of predictions and targets, and how they set the leaves.
#pragma once

#include <cstdint>
#include <vector>

#include "boosting/parameters.h"

namespace orion::boosting {

class Loss {
 public:
  explicit Loss(const Parameters& parameters);

  /** What every prediction starts from: XGBoost's 0.5 for squared error, else the quantile of the targets. */
  float baseScore(const float* targets, std::size_t rows) const;

  /**
   * First derivatives by the prediction; the second ones count as 1 for every loss (Friedman 2001, algorithms 2 to 4).
   * Squared error: prediction - target. Quantile q: 1 - q above the target, -q below it (absolute error: q = 0.5, twice
   * that).
   */
  void gradients(const std::vector<float>& predictions, const float* targets, std::vector<double>& gradients) const;

  /** Whether a leaf is the quantile of its residuals, not the quotient of its sums. */
  bool setsLeaves() const { return loss_ != LossKind::Squared; }

  /** The quantile of target - prediction over the rows. */
  float leafOf(const std::uint32_t* rows, std::uint32_t count, const std::vector<float>& predictions,
               const float* targets) const;

  /** The metric of early stopping: RMSE, mean absolute error, mean pinball loss. */
  double error(const std::vector<float>& predictions, const float* targets) const;

 private:
  LossKind loss_;
  double quantile_;
};

}  // namespace orion::boosting
