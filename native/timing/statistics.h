#pragma once

#include <cstddef>
#include <vector>

namespace orion::timing {

/** Statistics of a sample, in the unit of its values. */
struct SampleSummary {
  std::size_t count = 0;
  double mean = 0;
  double median = 0;
  double p25 = 0;
  double p75 = 0;
  double p90 = 0;
  double p99 = 0;
  double minimum = 0;
  double maximum = 0;
  double standardDeviation = 0;          // n - 1 in the denominator; 0 for one value
  double relativeStandardDeviation = 0;  // standardDeviation / mean; 0 where the mean is 0
};

/** Throws BadInput on an empty sample or one with a value that is not finite. */
SampleSummary summarize(std::vector<double> samples);

/**
 * Linear interpolation between order statistics (Hyndman and Fan type 7, numpy's default).
 * @param sorted ascending, not empty; @param probability in [0, 1]
 */
double quantileOfSorted(const std::vector<double>& sorted, double probability);

/** Mean and variance, updated value by value (Welford 1962). */
class RunningMoments {
 public:
  void add(double value);
  std::size_t count() const { return count_; }
  double mean() const { return mean_; }
  /** n - 1 in the denominator; 0 for fewer than two values. */
  double standardDeviation() const;
  /** 0 where the mean is 0. */
  double relativeStandardDeviation() const;

 private:
  std::size_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

}  // namespace orion::timing
