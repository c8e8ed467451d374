// One checked call: a failure keeps the file, the line and the call's text.
#pragma once

#include <cuda_runtime.h>

namespace orion::gpu {

/** Throws MissingDevice for a missing driver or device, else Io. */
void checkCuda(cudaError_t status, const char* call, const char* file, int line);

}  // namespace orion::gpu

#define CUDA_CALL(call) ::orion::gpu::checkCuda((call), #call, __FILE__, __LINE__)
