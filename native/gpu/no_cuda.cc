#include "base/error.h"
#include "gpu/gpu.h"

namespace orion::gpu {
namespace {

const char* const reason = "no CUDA device: built without CUDA (nvcc was not found when the addon was built)";

[[noreturn]] void throwMissing() { throw Error(ErrorCode::MissingDevice, std::string("gpu: ") + reason + "."); }

}  // namespace

Inventory inventory() {
  Inventory none;
  none.reason = reason;
  return none;
}

std::vector<CaseInfo> cases(int) { throwMissing(); }

Measurement measure(int, const std::string&, const MeasureOptions&) { throwMissing(); }

UserMeasurement measureUserKernel(int, const UserKernelRequest&, const MeasureOptions&, std::int64_t) {
  throwMissing();
}

}  // namespace orion::gpu
