// Bandwidth of shared memory: 16-byte reads by all threads of a warp in a row, so without bank conflicts. Bytes are
// those read; device memory sees 4 bytes per thread and launch.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> sharedCases(const Device& device);

}  // namespace orion::gpu
