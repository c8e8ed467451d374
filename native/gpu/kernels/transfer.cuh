// Copies between host and device. Bytes are those copied. `h2d-...` to the device, `d2h-...` to the host; `...-pinned`:
// page-locked host memory, which the copy engine reads by itself, timed by events; `...-pageable`: memory of malloc,
// which the driver copies through a buffer of its own, by the host's clock; `both-pinned`: both directions at once.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> transferCases(const Device& device);

}  // namespace orion::gpu
