#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "gpu/gpu.h"
#include "gpu/require_device.h"
#include "gpu/sampling.h"
#include "gpu/suite.h"
#include "gpu/user_kernel/user_kernel.h"

namespace orion::gpu {
namespace {

/** Two measurements at once would measure one another. */
std::mutex& oneAtATime() {
  static std::mutex mutex;
  return mutex;
}

Case requireCase(const Device& device, const std::string& name) {
  const std::vector<Case> all = suiteCases(device);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Case& one) { return one.info.name == name; });
  if (found != all.end()) return *found;
  std::string names;
  for (const Case& one : all) names += (names.empty() ? "" : ", ") + one.info.name;
  throw Error(ErrorCode::BadInput, "gpu: case is '" + name + "'; this device has " + names + ".");
}

/** A measurement with nothing in it but why. */
Measurement without(const CaseInfo& info, const Error& error) {
  Measurement measurement;
  measurement.info = info;
  measurement.status = error.code() == ErrorCode::MissingEngine ? Status::Skipped : Status::Failed;
  measurement.reason = error.what();
  return measurement;
}

}  // namespace

std::vector<CaseInfo> cases(int device) {
  std::vector<CaseInfo> infos;
  for (const Case& one : suiteCases(requireDevice(device))) infos.push_back(one.info);
  return infos;
}

Measurement measure(int deviceIndex, const std::string& name, const MeasureOptions& options) {
  const std::lock_guard<std::mutex> lock(oneAtATime());
  requireNoEndlessKernel();
  const Device device = requireDevice(deviceIndex);
  const Case chosen = requireCase(device, name);
  try {
    const std::unique_ptr<Kernel> kernel = chosen.prepare();
    Measurement measurement = sample(*kernel, chosen.info, device, options);
    if (measurement.status == Status::Ok) measurement.answer = kernel->check(Stream());
    return measurement;
  } catch (const Error& error) {
    return without(chosen.info, error);
  }
}

UserMeasurement measureUserKernel(int deviceIndex, const UserKernelRequest& request, const MeasureOptions& options,
                                  std::int64_t timeoutMs) {
  const std::lock_guard<std::mutex> lock(oneAtATime());
  const Device device = requireDevice(deviceIndex);
  CaseInfo info;
  info.name = request.entry;
  info.group = "user";
  info.description = "the user's kernel " + request.entry + " from " + request.file;
  info.mode = Mode::Hot;
  UserMeasurement result;
  try {
    UserKernel kernel(request);
    kernel.runOnceWithin(timeoutMs);
    result.outputs = kernel.outputs(kernel.stream());
    result.measurement = sample(kernel, info, device, options);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::BadInput) throw;
    result.measurement = without(info, error);
  }
  return result;
}

}  // namespace orion::gpu
