#include "timing/warm_up_rule.h"

#include <numeric>

namespace orion::timing {

bool WarmUpRule::add(double timeNs, std::int64_t wallNs) {
  ++count_;
  recent_.push_back(timeNs);
  if (recent_.size() > 2 * options_.window) recent_.pop_front();
  return isFlat() || count_ >= options_.maximumCount || wallNs >= options_.maximumWallNs;
}

bool WarmUpRule::isFlat() const {
  if (recent_.size() < 2 * options_.window) return false;
  const auto middle = recent_.begin() + static_cast<std::ptrdiff_t>(options_.window);
  const double before = std::accumulate(recent_.begin(), middle, 0.0);
  const double after = std::accumulate(middle, recent_.end(), 0.0);
  return after >= (1 - options_.flatTolerance) * before;
}

}  // namespace orion::timing
