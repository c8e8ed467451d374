#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

/** Every case of the suite that this device can run, in the order in which they are best run. */
std::vector<Case> suiteCases(const Device& device);

}  // namespace orion::gpu
