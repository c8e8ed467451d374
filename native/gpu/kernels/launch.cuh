// What it costs to have nothing done: launches of a kernel that is empty, event records, replays of a CUDA graph of
// empty kernels. There is no output and so nothing to check. `empty-kernel`, `empty-kernel-graph`: by events, back to
// back; `launch-latency`, `graph-launch`, `graph-launch-100`: by the host's clock, from the call to the end of the
// work; `launch-rate`, `event-record`: 1,000 of them in a row.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> launchCases(const Device& device);

}  // namespace orion::gpu
