#include <algorithm>
#include <memory>
#include <mutex>

#include "base/error.h"
#include "gpu/cold_timer.h"
#include "gpu/gpu.h"
#include "gpu/kernels/copy.cuh"
#include "gpu/kernels/fma.cuh"
#include "timing/clock.h"
#include "timing/sample_loop.h"

namespace orion::gpu {
namespace {

constexpr int warmUps = 3;

/** Far more than the largest L2 cache (about 130 MB in 2025), so that a copy measures memory. */
constexpr std::size_t copyBytes = std::size_t{512} << 20;

Device requireDevice(int index) {
  const Inventory found = inventory();
  if (!found.reason.empty()) throw Error(ErrorCode::MissingDevice, "gpu: " + found.reason + ".");
  const int count = static_cast<int>(found.devices.size());
  if (index < 0 || index >= count) {
    throw Error(ErrorCode::MissingDevice, "gpu: no CUDA device " + std::to_string(index) + ": this machine has " +
                                              std::to_string(count) + ", numbered from 0.");
  }
  return found.devices[static_cast<std::size_t>(index)];
}

/** @param kernel of kernelNames() */
std::unique_ptr<Kernel> prepare(const std::string& kernel, const Device& device) {
  if (kernel == "copy") {
    std::size_t freeBytes = 0;
    std::size_t totalBytes = 0;
    CUDA_CALL(cudaMemGetInfo(&freeBytes, &totalBytes));
    return std::make_unique<Copy>(std::min(copyBytes, freeBytes / 4));
  }
  if (kernel == "fma") return std::make_unique<Fma>(device.multiprocessors);
  throw Error(ErrorCode::BadInput, "gpu: kernel is '" + kernel + "'; expected copy or fma.");
}

}  // namespace

Measurement measure(int deviceIndex, const std::string& kernelName, std::int64_t maximumMs) {
  // Two measurements at once would measure one another.
  static std::mutex oneAtATime;
  const std::lock_guard<std::mutex> lock(oneAtATime);

  const Device device = requireDevice(deviceIndex);
  CUDA_CALL(cudaSetDevice(deviceIndex));
  ColdTimer timer(device.l2Bytes);
  const std::unique_ptr<Kernel> kernel = prepare(kernelName, device);

  // Not behind the gate: the first launch loads the code, which may wait for the device.
  for (int i = 0; i < warmUps; ++i) kernel->launch(timer.stream());
  timer.stream().synchronize();

  Measurement measurement;
  measurement.emptyEventNs = timer.emptyNs();
  timing::StoppingOptions stopping;
  stopping.maximumWallNs = maximumMs * 1'000'000;
  timing::SampleRun run = timing::collectSamples(stopping, timing::monotonicNs,
                                                 [&] { return timer.timeNs([&] { kernel->launch(timer.stream()); }); });
  measurement.samplesNs = std::move(run.samplesNs);
  measurement.timeNs = timing::summarize(measurement.samplesNs);
  measurement.stoppedBecause = timing::nameOf(run.reason);
  measurement.bytesPerLaunch = kernel->bytesPerLaunch();
  measurement.flopsPerLaunch = kernel->flopsPerLaunch();
  measurement.answerCorrect = kernel->answerIsCorrect(timer.stream());
  return measurement;
}

}  // namespace orion::gpu
