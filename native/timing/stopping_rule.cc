#include "timing/stopping_rule.h"

#include <algorithm>

namespace orion::timing {

const char* nameOf(StopReason reason) {
  switch (reason) {
    case StopReason::Converged:
      return "converged";
    case StopReason::NoiseLevelledOff:
      return "noise levelled off";
    case StopReason::SampleLimit:
      return "sample limit";
    case StopReason::TimeLimit:
      return "time limit";
  }
  return "time limit";
}

std::optional<StopReason> StoppingRule::add(double sampleNs, std::int64_t wallNs, double repeats) {
  moments_.add(sampleNs);
  sampledNs_ += sampleNs * repeats;
  const double noise = moments_.relativeStandardDeviation();
  recentNoise_.push_back(noise);
  if (recentNoise_.size() > options_.levelWindow) recentNoise_.pop_front();

  const bool enough =
      moments_.count() >= options_.minimumSamples && sampledNs_ >= static_cast<double>(options_.minimumSampledNs);
  if (enough && noise < options_.targetRelativeDeviation) return StopReason::Converged;
  if (enough && levelledOff()) return StopReason::NoiseLevelledOff;
  if (moments_.count() >= options_.maximumSamples) return StopReason::SampleLimit;
  if (wallNs >= options_.maximumWallNs) return StopReason::TimeLimit;
  return std::nullopt;
}

bool StoppingRule::levelledOff() const {
  if (recentNoise_.size() < options_.levelWindow) return false;
  const auto [lowest, highest] = std::minmax_element(recentNoise_.begin(), recentNoise_.end());
  return *highest - *lowest < options_.levelTolerance * *highest;
}

}  // namespace orion::timing
