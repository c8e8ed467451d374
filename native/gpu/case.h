// What the suite is made of: each kernel's file lists its cases.
#pragma once

#include <functional>
#include <memory>

#include "gpu/case_info.h"
#include "gpu/device.h"
#include "gpu/kernels/kernel.h"

namespace orion::gpu {

struct Case {
  CaseInfo info;
  /** Allocates and fills the data on the current device. */
  std::function<std::unique_ptr<Kernel>()> prepare;
};

}  // namespace orion::gpu
