// Streaming copy: one read and one write of every byte, no arithmetic. Bytes count both directions.
// `copy`: far beyond L2; `copy-driver`: the same by the driver; `copy-l2` and the sweep `copy-<KiB>k` (source and
// target together): over and over in a launch.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> copyCases(const Device& device);

}  // namespace orion::gpu
