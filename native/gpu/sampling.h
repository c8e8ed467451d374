#pragma once

#include "gpu/case.h"
#include "gpu/gpu.h"
#include "gpu/timer.h"

namespace orion::gpu {

/**
 * Warms a kernel up and samples it until the stopping rule is content. What goes wrong on the device makes the result
 * Failed, with the samples that were taken before; the answer is not checked here.
 */
Measurement sample(Kernel& kernel, const CaseInfo& info, const Device& device, const MeasureOptions& options);

}  // namespace orion::gpu
