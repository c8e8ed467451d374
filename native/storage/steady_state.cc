#include "storage/steady_state.h"

#include <cmath>
#include <numeric>

namespace orion::storage {

void SteadyState::add(double bytes) {
  last_.push_back(bytes);
  if (last_.size() > intervals_) last_.pop_front();
}

bool SteadyState::isReached() const {
  if (last_.size() < intervals_) return false;
  const auto count = static_cast<double>(intervals_);
  const double mean = std::accumulate(last_.begin(), last_.end(), 0.0) / count;
  if (mean <= 0) return false;
  const double middle = (count - 1) / 2;
  double covariance = 0;
  double variance = 0;
  for (std::size_t i = 0; i < intervals_; ++i) {
    const double distance = static_cast<double>(i) - middle;
    covariance += distance * (last_[i] - mean);
    variance += distance * distance;
  }
  const double change = covariance / variance * (count - 1);
  return std::abs(change) <= percent_ / 100 * mean;
}

}  // namespace orion::storage
