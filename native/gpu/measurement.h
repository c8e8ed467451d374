#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gpu/case_info.h"
#include "gpu/sensors/nvml.h"
#include "gpu/user_kernel/user_kernel_request.h"
#include "gpu/work.h"
#include "timing/statistics.h"

namespace orion::gpu {

enum class Status {
  Ok,
  Failed,
  Skipped,  // this machine or build lacks what the case needs
};

struct Measurement {
  CaseInfo info;
  Status status = Status::Ok;
  std::string reason;  // a sentence where it is not Ok; what was sampled until then is kept

  timing::SampleSummary timeNs;                // of one launch; throttled samples left out unless all are
  std::pair<double, double> medianIntervalNs;  // 95 %
  std::vector<double> samplesNs;               // all
  std::vector<double> smClockHz;               // of each sample; NaN = unknown
  std::vector<std::size_t> throttled;          // indices of samples
  bool allThrottled = false;
  int launchesPerSample = 1;
  std::size_t warmUpLaunches = 0;
  Work work;
  double emptyEventNs = 0;  // what the clock shows where nothing happens
  Answer answer;
  std::string stoppedBecause;
  std::optional<Sensors> sensors;  // at the end of the sampling

  // At the median time; 0 where nothing was sampled.
  double bytesPerSecond() const { return rateOf(work.bytes); }
  double operationsPerSecond() const { return rateOf(work.operations); }
  double nsPerStep() const { return work.steps > 0 ? timeNs.median / work.steps : 0; }

 private:
  double rateOf(double amount) const { return timeNs.median > 0 ? amount / timeNs.median * 1e9 : 0; }
};

/** Of the user's own kernel: what it left in its buffers after exactly one launch. */
struct UserMeasurement {
  Measurement measurement;
  std::vector<UserKernelOutput> outputs;
};

}  // namespace orion::gpu
