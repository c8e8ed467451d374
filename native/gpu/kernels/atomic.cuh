// Rate of atomic additions of 32-bit integers whose old value nobody asks for. Steps are additions.
// `atomic-same`: all threads on one address of device memory; `atomic-spread`: each thread on a neighbouring one of its
// own; `atomic-shared`: likewise in shared memory.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> atomicCases(const Device& device);

}  // namespace orion::gpu
