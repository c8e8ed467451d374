#pragma once

#include <cuda_runtime.h>

#include <string>

namespace orion::gpu {

/**
 * Throws what went wrong with the kernel `entry` in one sentence: BadInput where it could not be launched as asked, Io
 * where it failed while it ran.
 */
[[noreturn]] void throwKernelFailure(const std::string& entry, cudaError_t status);

}  // namespace orion::gpu
