// The triad of McCalpin's STREAM, a = b + s * c in single precision: two reads and one write of an array, one fused
// multiply-add per element. Bytes count the three arrays.
// `triad`: far beyond L2; `triad-l2`: over and over in a launch, past L1.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> triadCases(const Device& device);

}  // namespace orion::gpu
