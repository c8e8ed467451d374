// When to stop sampling. The rule is fed with numbers, so that its tests launch and wait for nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "timing/statistics.h"

namespace orion::timing {

enum class StopReason { Converged, NoiseLevelledOff, SampleLimit, TimeLimit };

/** As reported: "converged", "noise levelled off", "sample limit", "time limit". */
const char* nameOf(StopReason reason);

struct StoppingOptions {
  /** Stop once the relative standard deviation of the samples is below this... */
  double targetRelativeDeviation = 0.005;
  /** ... and this much time has been sampled (sum of the samples), with at least so many samples. */
  std::int64_t minimumSampledNs = 500'000'000;
  std::size_t minimumSamples = 10;
  /** Noise has levelled off when, over so many last samples, it varied by less than the share `levelTolerance`. */
  std::size_t levelWindow = 64;
  double levelTolerance = 0.05;
  /** Whatever the noise: very short samples would else be gathered without end. */
  std::size_t maximumSamples = 1'000'000;
  /** Wall clock, whatever the noise. */
  std::int64_t maximumWallNs = 15'000'000'000;
};

class StoppingRule {
 public:
  explicit StoppingRule(const StoppingOptions& options) : options_(options) {}

  /**
   * @param sampleNs time of one more sample
   * @param wallNs time since sampling began, by the wall clock
   * @param repeats of the work that the sample is the mean of: it took `sampleNs` so many times
   * @returns the reason to stop, or nothing
   */
  std::optional<StopReason> add(double sampleNs, std::int64_t wallNs, double repeats = 1);

 private:
  bool levelledOff() const;

  StoppingOptions options_;
  RunningMoments moments_;
  double sampledNs_ = 0;
  std::deque<double> recentNoise_;
};

}  // namespace orion::timing
