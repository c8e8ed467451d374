// Streaming read: every byte once, summed; a warp writes 4 bytes for each 4 KiB, which do not count.
// `read`: far beyond L2; `read-l2`: over and over in a launch, past L1.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> readCases(const Device& device);

}  // namespace orion::gpu
