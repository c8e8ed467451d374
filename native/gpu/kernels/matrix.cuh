// The rate of the tensor cores alone: matrix instructions whose operands stay in registers or shared memory.
//
// A launch repeats D += A x B on every multiprocessor, A and B being small fixed matrices of integers from -8 to 8
// without 0, K as long as the operands are: sm_90a by wgmma (two warpgroups, K of 128 bytes, operands in shared
// memory), all others by mma.sync (8 warps, eight independent accumulators each, K of 32 bytes, operands in registers).
// On sm_100 the tensor cores are reached in full only by tcgen05 instructions, which are not used here: the rate there
// is mma.sync's. fp16, bf16 and tf32 accumulate in fp32, int8 in 32-bit integers. Two operations per multiply-add; the
// accumulators are written once. All sums stay within 2^24, so that they are exact, and every element of D must agree
// to the bit.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

/** matrix-fp16, -bf16, -tf32, -int8; and on sm_90 the same with "-mma": what programs reach that do not use wgmma. */
std::vector<Case> matrixCases(const Device& device);

}  // namespace orion::gpu
