#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "gpu/sensors/nvml.h"

namespace orion::gpu {

struct Device {
  int index = 0;
  std::string name;
  std::string uuid;      // "GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", as nvidia-smi prints it; "MIG-..." of a slice
  std::string pciBusId;  // "0000:3b:00.0"
  std::string computeCapability;  // "9.0"
  int capability = 0;             // 90
  int multiprocessors = 0;
  std::size_t memoryBytes = 0;
  std::size_t freeBytes = 0;  // when it was made current; 0 before
  std::size_t l2Bytes = 0;
  std::size_t sharedBytesPerMultiprocessor = 0;
  std::size_t sharedBytesPerBlock = 0;  // the most that a block may ask for
  int copyEngines = 0;
  bool ecc = false;
  int memoryBusBits = 0;
  int clockKHz = 0;        // highest SM clock; 0 where the driver gives none
  int memoryClockKHz = 0;  // likewise
  /** Two transfers per memory clock over the whole bus, bytes/s; 0 where the driver gives no clock. */
  double theoreticalBytesPerSecond = 0;
  std::optional<Link> link;     // where NVML tells
  std::optional<bool> migMode;  // likewise
};

}  // namespace orion::gpu
