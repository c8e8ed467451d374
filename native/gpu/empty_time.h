#pragma once

#include <utility>
#include <vector>

#include "timing/statistics.h"

namespace orion::gpu {

/** What a clock shows where nothing happens. @param sampleNs callable: one reading; the result is the median of many */
template <typename Sample>
double emptyTimeNs(Sample&& sampleNs) {
  constexpr int count = 101;
  std::vector<double> samples;
  for (int i = 0; i < count; ++i) samples.push_back(sampleNs());
  return timing::summarize(std::move(samples)).median;
}

}  // namespace orion::gpu
