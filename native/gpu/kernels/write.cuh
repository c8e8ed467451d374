// Streaming write: every byte once, of values calculated on the way.
// `write`: far beyond L2; `write-l2`: over and over in a launch.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> writeCases(const Device& device);

}  // namespace orion::gpu
