#pragma once

#include <cstdint>
#include <vector>

#include "timing/stopping_rule.h"

namespace orion::timing {

struct SampleRun {
  std::vector<double> samplesNs;
  StopReason reason = StopReason::TimeLimit;
};

/**
 * Samples until the rule says stop.
 * @param clockNs callable: wall clock in ns
 * @param sampleNs callable: does the work once and returns how long it took, ns, by whatever clock fits it
 */
template <typename Clock, typename Sample>
SampleRun collectSamples(const StoppingOptions& options, Clock&& clockNs, Sample&& sampleNs) {
  SampleRun run;
  StoppingRule rule(options);
  const std::int64_t start = clockNs();
  for (;;) {
    run.samplesNs.push_back(sampleNs());
    if (const auto reason = rule.add(run.samplesNs.back(), clockNs() - start)) {
      run.reason = *reason;
      return run;
    }
  }
}

/** A sample that is timed by the given clock: `timedBy(clock, work)` fits `collectSamples`. */
template <typename Clock, typename Work>
auto timedBy(Clock clockNs, Work work) {
  return [clockNs, work]() mutable {
    const std::int64_t start = clockNs();
    work();
    return static_cast<double>(clockNs() - start);
  };
}

}  // namespace orion::timing
