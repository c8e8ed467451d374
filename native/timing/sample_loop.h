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
 * @param sampleNs callable: does the work and returns how long one repeat took, ns, by whatever clock fits it
 * @param repeats of the work that one sample is the mean of
 */
template <typename Clock, typename Sample>
SampleRun collectSamples(const StoppingOptions& options, Clock&& clockNs, Sample&& sampleNs, double repeats = 1) {
  SampleRun run;
  StoppingRule rule(options);
  const std::int64_t start = clockNs();
  for (;;) {
    run.samplesNs.push_back(sampleNs());
    if (const auto reason = rule.add(run.samplesNs.back(), clockNs() - start, repeats)) {
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
