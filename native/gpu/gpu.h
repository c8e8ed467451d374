// What the GPU engine offers. Implemented twice: with CUDA, and by no_cuda.cc where nvcc was not found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "timing/statistics.h"

namespace orion::gpu {

struct Device {
  int index = 0;
  std::string name;
  std::string uuid;               // "GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", as nvidia-smi prints it
  std::string computeCapability;  // "9.0"
  int multiprocessors = 0;
  std::size_t memoryBytes = 0;
  std::size_t l2Bytes = 0;
  int memoryBusBits = 0;
  int clockKHz = 0;        // highest SM clock; 0 where the driver gives none
  int memoryClockKHz = 0;  // likewise
  /** Two transfers per memory clock over the whole bus, bytes/s; 0 where the driver gives no clock. */
  double theoreticalBytesPerSecond = 0;
};

struct Inventory {
  std::vector<Device> devices;
  std::string reason;      // "no CUDA device: ..." where there are none, else empty
  int driverVersion = 0;   // 13000 for CUDA 13.0; 0 without a driver
  int runtimeVersion = 0;  // 0 when built without CUDA
};

/** Never throws for a machine without a GPU: the reason says why there are no devices. */
Inventory inventory();

struct Measurement {
  timing::SampleSummary timeNs;  // of one launch, cold: the L2 cache flushed, the launch queued before it starts
  std::vector<double> samplesNs;
  double bytesPerLaunch = 0;
  double flopsPerLaunch = 0;
  double emptyEventNs = 0;  // median time between two events with nothing in between
  bool answerCorrect = false;
  std::string stoppedBecause;

  // At the median time.
  double bytesPerSecond() const { return bytesPerLaunch / timeNs.median * 1e9; }
  double flopsPerSecond() const { return flopsPerLaunch / timeNs.median * 1e9; }
};

/** Names of the kernels that `measure` knows. */
const std::vector<std::string>& kernelNames();

/**
 * Times one kernel.
 * @param maximumMs limit of the sampling, wall clock
 * Throws MissingDevice where there is no such device, BadInput for an unknown kernel, Io where CUDA fails.
 */
Measurement measure(int device, const std::string& kernel, std::int64_t maximumMs);

}  // namespace orion::gpu
