#include "timing/statistics.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace orion::timing {

void RunningMoments::add(double value) {
  ++count_;
  const double distance = value - mean_;
  mean_ += distance / static_cast<double>(count_);
  squares_ += distance * (value - mean_);
}

double RunningMoments::standardDeviation() const {
  return count_ < 2 ? 0.0 : std::sqrt(squares_ / static_cast<double>(count_ - 1));
}

double RunningMoments::relativeStandardDeviation() const { return mean_ == 0 ? 0.0 : standardDeviation() / mean_; }

double quantileOfSorted(const std::vector<double>& sorted, double probability) {
  const double position = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

SampleSummary summarize(std::vector<double> samples) {
  if (samples.empty()) throw Error(ErrorCode::BadInput, "A summary needs at least one sample, but there are none.");
  RunningMoments moments;
  for (double sample : samples) {
    if (!std::isfinite(sample)) {
      throw Error(ErrorCode::BadInput, "A summary needs finite samples, but one is NaN or infinite.");
    }
    moments.add(sample);
  }
  std::sort(samples.begin(), samples.end());

  SampleSummary summary;
  summary.count = samples.size();
  summary.mean = moments.mean();
  summary.median = quantileOfSorted(samples, 0.5);
  summary.p25 = quantileOfSorted(samples, 0.25);
  summary.p75 = quantileOfSorted(samples, 0.75);
  summary.p90 = quantileOfSorted(samples, 0.9);
  summary.p99 = quantileOfSorted(samples, 0.99);
  summary.minimum = samples.front();
  summary.maximum = samples.back();
  summary.standardDeviation = moments.standardDeviation();
  summary.relativeStandardDeviation = moments.relativeStandardDeviation();
  return summary;
}

}  // namespace orion::timing
