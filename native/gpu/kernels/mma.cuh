// One warp's matrix instruction, mma.sync: D[16, 8] += A[16, K] x B[K, 8], where K spans 32 bytes.
//
// Counted in 4-byte words along K, the operands are spread over the 32 threads alike for all precisions (PTX ISA,
// "Matrix fragments for mma.m16n8k16" and its siblings); with g = lane / 4 and t = lane % 4:
//   A: word r = 0..3 is row g + 8 * (r % 2), word t + 4 * (r / 2);   B: word r = 0, 1 is column g, word t + 4 * r;
//   D: value i = 0..3 is row g + 8 * (i / 2), column 2 * t + i % 2.
// sm_75 has fp16 over 16 bytes of K, and int8 over 8 rows and 16 bytes of K: two and four instructions do the same.
#pragma once

#include <cstdint>

#include "gpu/kernels/precision.h"

namespace orion::gpu {

template <Precision precision>
struct Accumulator {
  using Value = float;
};
template <>
struct Accumulator<Precision::Int8> {
  using Value = int;
};

#ifdef __CUDA_ARCH__

#define ORION_MMA(instruction, constraint)                                                                        \
  asm volatile("mma.sync.aligned." instruction " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};" \
               : "+" constraint(d[0]), "+" constraint(d[1]), "+" constraint(d[2]), "+" constraint(d[3])           \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))

template <Precision precision>
__device__ __forceinline__ void multiplyAdd(typename Accumulator<precision>::Value (&d)[4], const std::uint32_t (&a)[4],
                                            const std::uint32_t (&b)[2]) {
#if __CUDA_ARCH__ >= 800
  if constexpr (precision == Precision::Fp16) ORION_MMA("m16n8k16.row.col.f32.f16.f16.f32", "f");
  if constexpr (precision == Precision::Bf16) ORION_MMA("m16n8k16.row.col.f32.bf16.bf16.f32", "f");
  if constexpr (precision == Precision::Tf32) ORION_MMA("m16n8k8.row.col.f32.tf32.tf32.f32", "f");
  if constexpr (precision == Precision::Int8) ORION_MMA("m16n8k32.row.col.s32.s8.s8.s32", "r");
#else
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    if constexpr (precision == Precision::Fp16) {
      asm volatile(
          "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
          : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
          : "r"(a[2 * half]), "r"(a[2 * half + 1]), "r"(b[half]));
    }
    if constexpr (precision == Precision::Int8) {
#pragma unroll
      for (int rows = 0; rows < 2; ++rows) {
        asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
                     : "+r"(d[2 * rows]), "+r"(d[2 * rows + 1])
                     : "r"(a[2 * half + rows]), "r"(b[half]));
      }
    }
  }
#endif
}

#undef ORION_MMA

#endif  // __CUDA_ARCH__

}  // namespace orion::gpu
