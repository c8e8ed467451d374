#include "gpu/require_device.h"

#include "base/error.h"
#include "gpu/cuda_call.h"
#include "gpu/gpu.h"

namespace orion::gpu {
namespace {

/** Creates the context, which takes some hundred MiB of the device's memory. */
void makeCurrent(Device& device) {
  std::size_t totalBytes = 0;
  CUDA_CALL(cudaSetDevice(device.index));
  const cudaError_t status = cudaMemGetInfo(&device.freeBytes, &totalBytes);
  if (status == cudaErrorMemoryAllocation) {
    throw Error(ErrorCode::MissingDevice, "gpu: CUDA device " + std::to_string(device.index) + " (" + device.name +
                                              ") has no memory left to work with; end what else runs on it.");
  }
  CUDA_CALL(status);
}

}  // namespace

Device requireDevice(int index) {
  const Inventory found = inventory();
  if (!found.reason.empty()) throw Error(ErrorCode::MissingDevice, "gpu: " + found.reason + ".");
  const int count = static_cast<int>(found.devices.size());
  if (index < 0 || index >= count) {
    throw Error(ErrorCode::MissingDevice, "gpu: no CUDA device " + std::to_string(index) + ": this machine has " +
                                              std::to_string(count) + ", numbered from 0.");
  }
  Device device = found.devices[static_cast<std::size_t>(index)];
  makeCurrent(device);
  return device;
}

}  // namespace orion::gpu
