#include "base/error.h"
#include "gpu/gpu.h"

namespace orion::gpu {
namespace {

const char* const reason = "no CUDA device: built without CUDA (nvcc was not found when the addon was built)";

}  // namespace

Inventory inventory() {
  Inventory none;
  none.reason = reason;
  return none;
}

Measurement measure(int, const std::string&, std::int64_t) {
  throw Error(ErrorCode::MissingDevice, std::string("gpu: ") + reason + ".");
}

}  // namespace orion::gpu
