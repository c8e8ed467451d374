// The roofline sweep (Williams, Waterman and Patterson, CACM 52(4), 2009): an array is read, each element goes through
// a chain of fused multiply-adds in fp32, and the results are written to another array. The length of the chain sets
// the arithmetic intensity: FLOPs (two per fused multiply-add) per byte of device memory (8 per element).
// `roofline-<FLOPs per byte>`: 0.125, 0.25, ... 128. At 0.125 every second element is only copied.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> rooflineCases(const Device& device);

}  // namespace orion::gpu
