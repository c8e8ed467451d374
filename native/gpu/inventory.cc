#include <cstdio>

#include "gpu/cuda_call.h"
#include "gpu/gpu.h"

namespace orion::gpu {
namespace {

std::string formatUuid(const cudaUUID_t& uuid, const std::string& deviceName) {
  std::string text = deviceName.find(" MIG ") == std::string::npos ? "GPU" : "MIG";
  for (int i = 0; i < 16; ++i) {
    if (i == 0 || i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    char byte[3];
    std::snprintf(byte, sizeof byte, "%02x", static_cast<unsigned char>(uuid.bytes[i]));
    text += byte;
  }
  return text;
}

/** 0 where the driver does not tell. */
int attributeOf(int device, cudaDeviceAttr attribute) {
  int value = 0;
  if (cudaDeviceGetAttribute(&value, attribute, device) == cudaSuccess) return value;
  cudaGetLastError();
  return 0;
}

std::string pciBusIdOf(int device) {
  char text[32] = "";
  if (cudaDeviceGetPCIBusId(text, sizeof text, device) == cudaSuccess) return text;
  cudaGetLastError();
  return "";
}

Device describe(int index) {
  cudaDeviceProp properties{};
  CUDA_CALL(cudaGetDeviceProperties(&properties, index));
  Device device;
  device.index = index;
  device.name = properties.name;
  device.uuid = formatUuid(properties.uuid, device.name);
  device.pciBusId = pciBusIdOf(index);
  device.computeCapability = std::to_string(properties.major) + "." + std::to_string(properties.minor);
  device.capability = properties.major * 10 + properties.minor;
  device.multiprocessors = properties.multiProcessorCount;
  device.memoryBytes = properties.totalGlobalMem;
  device.l2Bytes = static_cast<std::size_t>(properties.l2CacheSize);
  device.sharedBytesPerMultiprocessor = properties.sharedMemPerMultiprocessor;
  device.sharedBytesPerBlock = properties.sharedMemPerBlockOptin;
  device.copyEngines = properties.asyncEngineCount;
  device.ecc = properties.ECCEnabled != 0;
  device.memoryBusBits = properties.memoryBusWidth;
  device.clockKHz = attributeOf(index, cudaDevAttrClockRate);
  device.memoryClockKHz = attributeOf(index, cudaDevAttrMemoryClockRate);
  device.theoreticalBytesPerSecond = 2.0 * device.memoryClockKHz * 1e3 * device.memoryBusBits / 8;
  device.link = linkOf(device.uuid, device.pciBusId);
  device.migMode = migModeOf(device.uuid, device.pciBusId);
  return device;
}

std::string whyNone(cudaError_t status) {
  switch (status) {
    case cudaErrorInsufficientDriver:
      return "the NVIDIA driver is missing or older than the CUDA runtime of this addon";
    case cudaErrorNoDevice:
      return "the NVIDIA driver finds none";
    default:
      return std::string(cudaGetErrorString(status)) + " (" + cudaGetErrorName(status) + ")";
  }
}

}  // namespace

Inventory inventory() {
  Inventory found;
  CUDA_CALL(cudaRuntimeGetVersion(&found.runtimeVersion));
  CUDA_CALL(cudaDriverGetVersion(&found.driverVersion));
  int count = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status != cudaSuccess || count == 0) {
    cudaGetLastError();
    found.reason = "no CUDA device: " + whyNone(status == cudaSuccess ? cudaErrorNoDevice : status);
    return found;
  }
  found.driver = driverVersionText().value_or("");
  for (int index = 0; index < count; ++index) found.devices.push_back(describe(index));
  return found;
}

}  // namespace orion::gpu
