// What the runtime knows about a compiled kernel on the current device.
#pragma once

#include <cuda_runtime.h>

#include "gpu/cuda_call.h"

namespace orion::gpu {

/** The architecture that the code was written for, e.g. 80; older than the device where the driver translates PTX. */
template <typename Function>
int codeVersion(Function* kernel) {
  cudaFuncAttributes attributes;
  CUDA_CALL(cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(kernel)));
  return attributes.ptxVersion;
}

/**
 * How many blocks the device runs at the same time. Fewer would be spread unevenly over the multiprocessors, and more
 * would leave a rest: a launch that measures the peak has exactly so many.
 */
template <typename Function>
unsigned residentBlocks(Function* kernel, unsigned threadsPerBlock, unsigned sharedBytes, int multiprocessors) {
  int perMultiprocessor = 0;
  CUDA_CALL(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&perMultiprocessor, kernel, static_cast<int>(threadsPerBlock),
                                                          sharedBytes));
  return static_cast<unsigned>(perMultiprocessor * multiprocessors);
}

}  // namespace orion::gpu
