// Which samples the device took at a lowered clock: their times say little about the kernel.
#pragma once

#include <cstddef>
#include <vector>

namespace orion::gpu {

/** Of the highest clock; below it a sample counts as throttled. NVBench throws samples away at the same share. */
constexpr double throttleShare = 0.75;

struct ThrottleVerdict {
  std::vector<std::size_t> throttled;  // indices of flagged samples, ascending
  bool all = false;                    // every sample of known clock was flagged
  std::vector<double> kept;            // the samples not flagged; every sample where `all`
};

/**
 * @param samplesNs in the order they were taken
 * @param smClockHz one per sample; NaN = unknown, never flagged (as is a sample beyond the end of this vector)
 * @param highestHz highest SM clock of the device; 0 = unknown, nothing is flagged
 * @param share in (0, 1]: flagged where clock < share * highest
 */
ThrottleVerdict judgeThrottling(const std::vector<double>& samplesNs, const std::vector<double>& smClockHz,
                                double highestHz, double share = throttleShare);

}  // namespace orion::gpu
