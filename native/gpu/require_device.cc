#include "gpu/require_device.h"

#include "base/error.h"
#include "gpu/cuda_call.h"
#include "gpu/gpu.h"

namespace orion::gpu {

Device requireDevice(int index) {
  const Inventory found = inventory();
  if (!found.reason.empty()) throw Error(ErrorCode::MissingDevice, "gpu: " + found.reason + ".");
  const int count = static_cast<int>(found.devices.size());
  if (index < 0 || index >= count) {
    throw Error(ErrorCode::MissingDevice, "gpu: no CUDA device " + std::to_string(index) + ": this machine has " +
                                              std::to_string(count) + ", numbered from 0.");
  }
  CUDA_CALL(cudaSetDevice(index));
  Device device = found.devices[static_cast<std::size_t>(index)];
  std::size_t totalBytes = 0;
  CUDA_CALL(cudaMemGetInfo(&device.freeBytes, &totalBytes));
  return device;
}

}  // namespace orion::gpu
