#include "boosting/loss.h"

#include <algorithm>
#include <cmath>

namespace orion::boosting {
namespace {

/** Linear between the neighbouring values, as numpy's default. Reorders `values`. */
double quantileOf(std::vector<double>& values, double quantile) {
  const double position = quantile * static_cast<double>(values.size() - 1);
  const auto lower = static_cast<std::size_t>(position);
  std::nth_element(values.begin(), values.begin() + lower, values.end());
  const double below = values[lower];
  if (lower + 1 == values.size()) return below;
  const double above = *std::min_element(values.begin() + lower + 1, values.end());
  return below + (position - static_cast<double>(lower)) * (above - below);
}

}  // namespace

Loss::Loss(const Parameters& parameters)
    : loss_(parameters.loss), quantile_(loss_ == LossKind::Quantile ? parameters.quantile : 0.5) {}

float Loss::baseScore(const float* targets, std::size_t rows) const {
  if (!setsLeaves()) return squaredErrorBaseScore;
  std::vector<double> values(targets, targets + rows);
  return static_cast<float>(quantileOf(values, quantile_));
}

void Loss::gradients(const std::vector<float>& predictions, const float* targets,
                     std::vector<double>& gradients) const {
  gradients.resize(predictions.size());
  const double scale = loss_ == LossKind::Absolute ? 2 : 1;
  for (std::size_t row = 0; row < predictions.size(); ++row) {
    const double difference = predictions[row] - targets[row];
    if (!setsLeaves()) {
      gradients[row] = difference;
    } else if (difference == 0) {
      gradients[row] = 0;
    } else {
      gradients[row] = scale * (difference > 0 ? 1 - quantile_ : -quantile_);
    }
  }
}

float Loss::leafOf(const std::uint32_t* rows, std::uint32_t count, const std::vector<float>& predictions,
                   const float* targets) const {
  if (count == 0) return 0;
  std::vector<double> residuals(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    residuals[i] = static_cast<double>(targets[rows[i]]) - static_cast<double>(predictions[rows[i]]);
  }
  return static_cast<float>(quantileOf(residuals, quantile_));
}

double Loss::error(const std::vector<float>& predictions, const float* targets) const {
  double sum = 0;
  for (std::size_t row = 0; row < predictions.size(); ++row) {
    const double residual = static_cast<double>(targets[row]) - static_cast<double>(predictions[row]);
    if (loss_ == LossKind::Squared) {
      sum += residual * residual;
    } else if (loss_ == LossKind::Absolute) {
      sum += std::abs(residual);
    } else {
      sum += residual * (residual > 0 ? quantile_ : quantile_ - 1);
    }
  }
  const double mean = sum / static_cast<double>(predictions.size());
  return loss_ == LossKind::Squared ? std::sqrt(mean) : mean;
}

}  // namespace orion::boosting
