// The Hopper tensor cores' own instruction, wgmma (sm_90a): a warpgroup (128 threads, its first warp's index divisible
// by 4) computes D[64, 256] += A[64, K] x B[K, 256], where K spans 32 bytes, A and B lie in shared memory and D in
// registers.
//
// Operands are K-major with 128-byte swizzle: a row of A (a column of B) has 128 bytes, row r begins at r * 128, and
// its 16-byte chunk c is kept at chunk c ^ (r % 8), so that eight rows at one chunk cover all banks (PTX ISA,
// "Asynchronous warpgroup-level matrix: shared memory matrix layout"). The next 32 bytes along K are the same
// descriptor 32 bytes on. D: value i of a thread is row 16 * warp + lane / 4 + 8 * (i / 2 % 2), column 8 * (i / 4) + 2
// * (lane % 4) + i % 2.
#pragma once

#include <cstdint>

#include "gpu/kernels/mma.cuh"
#include "gpu/kernels/precision.h"

namespace orion::gpu::wgmma {

constexpr int rows = 64;
constexpr int columns = 256;
constexpr int valuesPerThread = rows * columns / 128;
constexpr int rowBytes = 128;            // of an operand in shared memory: four instructions
constexpr int stepBytes = 32;            // of K, per instruction
constexpr int alignment = 8 * rowBytes;  // of an operand: the swizzle is a function of the address

/** Where the 16-byte chunk of a row lies in an operand, in bytes. */
__host__ __device__ constexpr unsigned swizzled(unsigned row, unsigned chunk) {
  return row * rowBytes + ((chunk ^ (row % 8)) * 16);
}

#ifdef __CUDA_ARCH_FEAT_SM90_ALL

/** @param address of the operand in shared memory, plus multiples of stepBytes */
__device__ __forceinline__ std::uint64_t descriptor(std::uint32_t address) {
  constexpr std::uint64_t leadingOffset = 1;                 // not used by swizzled K-major operands
  constexpr std::uint64_t strideOffset = 8 * rowBytes / 16;  // from eight rows to the next eight
  constexpr std::uint64_t swizzle128 = 1;
  return (address & 0x3ffff) >> 4 | leadingOffset << 16 | strideOffset << 32 | swizzle128 << 62;
}

/** Before the first instruction and whenever other code has touched the registers of D. */
__device__ __forceinline__ void fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
/** Until at most `pending` committed groups are under way. */
template <int pending>
__device__ __forceinline__ void wait() {
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(pending) : "memory");
}

/** Keeps the compiler from moving uses of D across a fence or a wait, whose operands do not name it. */
template <typename Value>
__device__ __forceinline__ void pin(Value (&d)[valuesPerThread]) {
#pragma unroll
  for (int i = 0; i < valuesPerThread; ++i) {
    if constexpr (static_cast<Value>(0.5) != 0) {
      asm volatile("" : "+f"(d[i])::"memory");
    } else {
      asm volatile("" : "+r"(d[i])::"memory");
    }
  }
}

// clang-format off
#define ORION_WGMMA(instruction, c, modifiers) \
  asm volatile("wgmma.mma_async.sync.aligned." instruction " {" \
  "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, " \
  "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, " \
  "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, " \
  "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63, " \
  "%64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79, " \
  "%80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95, " \
  "%96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111, " \
  "%112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127" \
  "}, %128, %129, 1" modifiers ";" \
    : \
      "+" c(d[0]), "+" c(d[1]), "+" c(d[2]), "+" c(d[3]), "+" c(d[4]), "+" c(d[5]), "+" c(d[6]), "+" c(d[7]), \
      "+" c(d[8]), "+" c(d[9]), "+" c(d[10]), "+" c(d[11]), "+" c(d[12]), "+" c(d[13]), "+" c(d[14]), "+" c(d[15]), \
      "+" c(d[16]), "+" c(d[17]), "+" c(d[18]), "+" c(d[19]), "+" c(d[20]), "+" c(d[21]), "+" c(d[22]), "+" c(d[23]), \
      "+" c(d[24]), "+" c(d[25]), "+" c(d[26]), "+" c(d[27]), "+" c(d[28]), "+" c(d[29]), "+" c(d[30]), "+" c(d[31]), \
      "+" c(d[32]), "+" c(d[33]), "+" c(d[34]), "+" c(d[35]), "+" c(d[36]), "+" c(d[37]), "+" c(d[38]), "+" c(d[39]), \
      "+" c(d[40]), "+" c(d[41]), "+" c(d[42]), "+" c(d[43]), "+" c(d[44]), "+" c(d[45]), "+" c(d[46]), "+" c(d[47]), \
      "+" c(d[48]), "+" c(d[49]), "+" c(d[50]), "+" c(d[51]), "+" c(d[52]), "+" c(d[53]), "+" c(d[54]), "+" c(d[55]), \
      "+" c(d[56]), "+" c(d[57]), "+" c(d[58]), "+" c(d[59]), "+" c(d[60]), "+" c(d[61]), "+" c(d[62]), "+" c(d[63]), \
      "+" c(d[64]), "+" c(d[65]), "+" c(d[66]), "+" c(d[67]), "+" c(d[68]), "+" c(d[69]), "+" c(d[70]), "+" c(d[71]), \
      "+" c(d[72]), "+" c(d[73]), "+" c(d[74]), "+" c(d[75]), "+" c(d[76]), "+" c(d[77]), "+" c(d[78]), "+" c(d[79]), \
      "+" c(d[80]), "+" c(d[81]), "+" c(d[82]), "+" c(d[83]), "+" c(d[84]), "+" c(d[85]), "+" c(d[86]), "+" c(d[87]), \
      "+" c(d[88]), "+" c(d[89]), "+" c(d[90]), "+" c(d[91]), "+" c(d[92]), "+" c(d[93]), "+" c(d[94]), "+" c(d[95]), \
      "+" c(d[96]), "+" c(d[97]), "+" c(d[98]), "+" c(d[99]), "+" c(d[100]), "+" c(d[101]), "+" c(d[102]), "+" c(d[103]), \
      "+" c(d[104]), "+" c(d[105]), "+" c(d[106]), "+" c(d[107]), "+" c(d[108]), "+" c(d[109]), "+" c(d[110]), "+" c(d[111]), \
      "+" c(d[112]), "+" c(d[113]), "+" c(d[114]), "+" c(d[115]), "+" c(d[116]), "+" c(d[117]), "+" c(d[118]), "+" c(d[119]), \
      "+" c(d[120]), "+" c(d[121]), "+" c(d[122]), "+" c(d[123]), "+" c(d[124]), "+" c(d[125]), "+" c(d[126]), "+" c(d[127]) \
    : "l"(a), "l"(b))
// clang-format on

/** Queues D += A x B over stepBytes of K. The modifiers: no negation, and for 16-bit types no transposition. */
template <Precision precision>
__device__ __forceinline__ void multiplyAdd(typename Accumulator<precision>::Value (&d)[valuesPerThread],
                                            std::uint64_t a, std::uint64_t b) {
  if constexpr (precision == Precision::Fp16) ORION_WGMMA("m64n256k16.f32.f16.f16", "f", ", 1, 1, 0, 0");
  if constexpr (precision == Precision::Bf16) ORION_WGMMA("m64n256k16.f32.bf16.bf16", "f", ", 1, 1, 0, 0");
  if constexpr (precision == Precision::Tf32) ORION_WGMMA("m64n256k8.f32.tf32.tf32", "f", ", 1, 1");
  if constexpr (precision == Precision::Int8) ORION_WGMMA("m64n256k32.s32.s8.s8", "r", "");
}

#undef ORION_WGMMA

#endif  // __CUDA_ARCH_FEAT_SM90_ALL

}  // namespace orion::gpu::wgmma
