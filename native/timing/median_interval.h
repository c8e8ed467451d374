#pragma once

#include <utility>
#include <vector>

namespace orion::timing {

/**
 * Percentile bootstrap interval of the median, at the limit of infinitely many resamples: the middle one of n draws
 * lies among the k smallest values with the probability that a binomial variable of n draws with chance k/n reaches the
 * middle (Efron 1979), so nothing needs to be drawn.
 * @param sorted ascending, not empty; @param level e.g. 0.95
 * @returns two values of the sample
 */
std::pair<double, double> medianInterval(const std::vector<double>& sorted, double level);

}  // namespace orion::timing
