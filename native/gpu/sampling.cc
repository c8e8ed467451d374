#include "gpu/sampling.h"

#include <algorithm>

#include "base/error.h"
#include "base/interruption.h"
#include "gpu/host_timer.h"
#include "gpu/sensors/nvml.h"
#include "gpu/throttle.h"
#include "timing/clock.h"
#include "timing/median_interval.h"
#include "timing/sample_loop.h"
#include "timing/warm_up_rule.h"

namespace orion::gpu {
namespace {

constexpr std::size_t mostSamples = 20'000;

/** Not behind a gate: the first launch loads the code, which may wait for the device. */
double roughLaunchNs(Kernel& kernel) {
  HostTimer timer;
  timer.time(kernel);
  return std::min(timer.time(kernel).ns, timer.time(kernel).ns);
}

std::size_t warmUp(Kernel& kernel, Timer& timer, const MeasureOptions& options) {
  timing::WarmUpOptions limits;
  limits.maximumWallNs = std::min(limits.maximumWallNs, options.maximumMs * 1'000'000);
  timing::WarmUpRule rule(limits);
  const std::int64_t start = timing::monotonicNs();
  while (!rule.add(timer.time(kernel).ns, timing::monotonicNs() - start)) {
  }
  return rule.count() * static_cast<std::size_t>(timer.launchesPerSample());
}

void takeSamples(Kernel& kernel, Timer& timer, const MeasureOptions& options, Measurement& into) {
  timing::StoppingOptions stopping;
  stopping.minimumSampledNs = options.minimumSampledMs * 1'000'000;
  stopping.maximumWallNs = options.maximumMs * 1'000'000;
  stopping.maximumSamples = mostSamples;
  const auto one = [&] {
    if (isInterrupted()) throw Error(ErrorCode::Io, "gpu: interrupted.");
    const TimedSample sample = timer.time(kernel);
    into.samplesNs.push_back(sample.ns);
    into.smClockHz.push_back(sample.smClockHz);
    return sample.ns;
  };
  const timing::SampleRun run =
      timing::collectSamples(stopping, timing::monotonicNs, one, static_cast<double>(timer.launchesPerSample()));
  into.stoppedBecause = timing::nameOf(run.reason);
}

void summarizeInto(Measurement& measurement, const Device& device) {
  if (measurement.samplesNs.empty()) return;
  ThrottleVerdict verdict = judgeThrottling(measurement.samplesNs, measurement.smClockHz, device.clockKHz * 1e3);
  measurement.throttled = std::move(verdict.throttled);
  measurement.allThrottled = verdict.all;
  std::sort(verdict.kept.begin(), verdict.kept.end());
  measurement.medianIntervalNs = timing::medianInterval(verdict.kept, 0.95);
  measurement.timeNs = timing::summarize(std::move(verdict.kept));
}

}  // namespace

Measurement sample(Kernel& kernel, const CaseInfo& info, const Device& device, const MeasureOptions& options) {
  Measurement measurement;
  measurement.info = info;
  measurement.info.mode = options.mode.value_or(info.mode);
  measurement.work = kernel.work();
  try {
    const std::unique_ptr<Timer> timer = makeTimer(measurement.info.mode, device, roughLaunchNs(kernel));
    measurement.launchesPerSample = timer->launchesPerSample();
    measurement.warmUpLaunches = warmUp(kernel, *timer, options);
    measurement.emptyEventNs = timer->emptyNs();
    takeSamples(kernel, *timer, options, measurement);
    measurement.sensors = sensorsOf(device.uuid, device.pciBusId);
  } catch (const Error& error) {
    measurement.status = Status::Failed;
    measurement.reason = error.what();
  }
  summarizeInto(measurement, device);
  return measurement;
}

}  // namespace orion::gpu
