// What the GPU engine offers. Implemented twice: with CUDA, and by no_cuda.cc where nvcc was not found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gpu/case_info.h"
#include "gpu/device.h"
#include "gpu/measurement.h"
#include "gpu/user_kernel/user_kernel_request.h"

namespace orion::gpu {

struct Inventory {
  std::vector<Device> devices;
  std::string reason;      // "no CUDA device: ..." where there are none, else empty
  std::string driver;      // "580.65.06"; empty where NVML does not tell
  int driverVersion = 0;   // of CUDA that the driver has, 13000 for 13.0; 0 without a driver
  int runtimeVersion = 0;  // 0 when built without CUDA
};

/** Never throws for a machine without a GPU: the reason says why there are no devices. */
Inventory inventory();

struct MeasureOptions {
  std::int64_t maximumMs = 15'000;      // of the sampling, wall clock
  std::int64_t minimumSampledMs = 500;  // sum of the samples before noise may end the sampling
  std::optional<Mode> mode;             // instead of the case's own
};

/** The suite's cases on this device, in the order in which they are best run. Throws MissingDevice. */
std::vector<CaseInfo> cases(int device);

/**
 * Times one case. One that fails (not enough memory, a library's error) is a measurement with status Failed, one whose
 * library is not there Skipped.
 * Throws MissingDevice where there is no such device, BadInput for an unknown case.
 */
Measurement measure(int device, const std::string& name, const MeasureOptions& options);

/**
 * Times the user's own kernel, hot unless the options say otherwise.
 * @param timeoutMs of the first launch
 * Throws MissingDevice, and BadInput for a file, entry, geometry or argument that does not fit; what goes wrong on the
 * device is a measurement with status Failed.
 */
UserMeasurement measureUserKernel(int device, const UserKernelRequest& request, const MeasureOptions& options,
                                  std::int64_t timeoutMs);

}  // namespace orion::gpu
