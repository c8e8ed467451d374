// What the matrix-product kernels share: the order of tiles, and the output's type.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdint>

#include "gpu/kernels/precision.h"

namespace orion::gpu {

struct Tile {
  unsigned row;
  unsigned column;
};

/** Blocks that run at the same time share few tile rows and columns, so that operands are found in L2. */
__device__ inline Tile tileOf(unsigned block, unsigned tileRows, unsigned tileColumns) {
  constexpr unsigned band = 8;  // tile rows that are worked through column by column
  const unsigned first = block / (band * tileColumns) * band;
  const unsigned height = min(band, tileRows - first);
  const unsigned inBand = block % (band * tileColumns);
  return {first + inBand % height, inBand / height};
}

/** Two neighbours of a row of C, rounded to the output's type: fp16, bf16, or fp32 for tf32. */
template <Precision precision>
struct OutputPair {
  using Type = float2;
  static __device__ Type of(float x, float y) { return make_float2(x, y); }
};
template <>
struct OutputPair<Precision::Fp16> {
  using Type = __half2;
  static __device__ Type of(float x, float y) { return __floats2half2_rn(x, y); }
};
template <>
struct OutputPair<Precision::Bf16> {
  using Type = __nv_bfloat162;
  static __device__ Type of(float x, float y) { return __floats2bfloat162_rn(x, y); }
};

}  // namespace orion::gpu
