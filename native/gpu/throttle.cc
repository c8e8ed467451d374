#include "gpu/throttle.h"

#include <algorithm>
#include <cmath>

namespace orion::gpu {

ThrottleVerdict judgeThrottling(const std::vector<double>& samplesNs, const std::vector<double>& smClockHz,
                                double highestHz, double share) {
  ThrottleVerdict verdict;
  std::size_t known = 0;
  const std::size_t clocks = highestHz > 0 ? std::min(samplesNs.size(), smClockHz.size()) : 0;
  for (std::size_t i = 0; i < samplesNs.size(); ++i) {
    const bool isKnown = i < clocks && !std::isnan(smClockHz[i]);
    if (isKnown) ++known;
    if (isKnown && smClockHz[i] < share * highestHz) {
      verdict.throttled.push_back(i);
    } else {
      verdict.kept.push_back(samplesNs[i]);
    }
  }
  verdict.all = known > 0 && verdict.throttled.size() == known;
  if (verdict.all) verdict.kept = samplesNs;
  return verdict;
}

}  // namespace orion::gpu
