#include "base/error.h"
#include "gpu/kernels/gemm_mma.cuh"
#include "gpu/kernels/gemm_tiles.cuh"
#include "gpu/kernels/kernel_facts.h"
#include "gpu/kernels/mma.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threadsPerBlock = 256;
constexpr unsigned tileSize = 128;     // rows and columns of C per block
constexpr unsigned tileRowBytes = 64;  // of K, per step of the pipeline
constexpr unsigned tileBytes = tileSize * tileRowBytes;
constexpr unsigned stageBytes = 2 * tileBytes;  // A, then B
constexpr unsigned stages = 4;                  // 64 KiB, the most that sm_75 has
// Per warp, 64 x 32 of C: 2 warps below each other, 4 side by side.
constexpr unsigned rowFragments = 4;     // of 16 rows
constexpr unsigned columnFragments = 4;  // of 8 columns

#ifdef __CUDA_ARCH__

/** Where a 16-byte chunk of a tile's row lies: eight rows at one chunk cover all banks. */
__device__ __forceinline__ unsigned swizzled(unsigned row, unsigned chunk) {
  return row * tileRowBytes + ((chunk ^ (row / 2 % 4)) * 16);
}

__device__ __forceinline__ void copyChunk(std::uint32_t target, const std::uint8_t* source) {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(target), "l"(source) : "memory");
#else
  const uint4 chunk = *reinterpret_cast<const uint4*>(source);
  asm volatile("st.shared.v4.b32 [%0], {%1, %2, %3, %4};" ::"r"(target), "r"(chunk.x), "r"(chunk.y), "r"(chunk.z),
               "r"(chunk.w)
               : "memory");
#endif
}

__device__ __forceinline__ void commitCopies() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

/** Until the copies of the stage after next, and those to follow, are all that is under way. */
__device__ __forceinline__ void waitForStage() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_group %0;" ::"n"(stages - 2) : "memory");
#endif
  __syncthreads();
}

/** Four 8 x 16-byte matrices; thread 8 * i + j names row j of matrix i, and gets word t of row g of each. */
__device__ __forceinline__ void loadMatrices(std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, std::uint32_t& w,
                                             std::uint32_t address) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(x), "=r"(y), "=r"(z), "=r"(w)
               : "r"(address)
               : "memory");
}

/** The rows of a tile over tileRowBytes of K: two chunks per thread. */
__device__ __forceinline__ void copyTile(std::uint32_t target, const std::uint8_t* source, std::size_t rowBytes) {
  const unsigned row = threadIdx.x / 4;
  const unsigned chunk = threadIdx.x % 4;
#pragma unroll
  for (unsigned i = 0; i < tileSize; i += threadsPerBlock / 4) {
    copyChunk(target + swizzled(row + i, chunk), source + (row + i) * rowBytes + chunk * 16);
  }
}

#endif  // __CUDA_ARCH__

/** @param rowBytes of A and B: K elements */
template <Precision precision>
__global__ void __launch_bounds__(threadsPerBlock, 2)
    gemmMma(const void* a, const void* b, void* c, int m, int n, int rowBytes) {
#ifdef __CUDA_ARCH__
  if constexpr (hasMma(precision, __CUDA_ARCH__ / 10)) {
    extern __shared__ __align__(128) std::uint8_t gemmMmaShared[];
    const auto shared = static_cast<std::uint32_t>(__cvta_generic_to_shared(gemmMmaShared));
    const Tile tile = tileOf(blockIdx.x, m / tileSize, n / tileSize);
    const std::size_t pitch = rowBytes;
    const std::uint8_t* aTile = static_cast<const std::uint8_t*>(a) + tile.row * tileSize * pitch;
    const std::uint8_t* bTile = static_cast<const std::uint8_t*>(b) + tile.column * tileSize * pitch;
    const unsigned steps = rowBytes / tileRowBytes;
    const auto copyStage = [&](unsigned step) {
      if (step < steps) {
        const std::uint32_t stage = shared + step % stages * stageBytes;
        copyTile(stage, aTile + step * tileRowBytes, pitch);
        copyTile(stage + tileBytes, bTile + step * tileRowBytes, pitch);
      }
      commitCopies();  // empty past the end, so that the count of groups stays right
    };

    const unsigned lane = threadIdx.x % 32;
    const unsigned warpRow = threadIdx.x / 32 / 4 * rowFragments * 16;
    const unsigned warpColumn = threadIdx.x / 32 % 4 * columnFragments * 8;
    float d[rowFragments][columnFragments][4] = {};

    for (unsigned step = 0; step < stages - 1; ++step) copyStage(step);
    for (unsigned step = 0; step < steps; ++step) {
      waitForStage();
      copyStage(step + stages - 1);  // where step - 1 was, which all warps have left
      const std::uint32_t stage = shared + step % stages * stageBytes;
#pragma unroll
      for (unsigned chunk = 0; chunk < tileRowBytes / 16; chunk += 2) {
        std::uint32_t aWords[rowFragments][4];
        std::uint32_t bWords[columnFragments][2];
#pragma unroll
        for (unsigned i = 0; i < rowFragments; ++i) {
          const unsigned row = warpRow + i * 16 + lane % 16;
          loadMatrices(aWords[i][0], aWords[i][1], aWords[i][2], aWords[i][3],
                       stage + swizzled(row, chunk + lane / 16));
        }
#pragma unroll
        for (unsigned j = 0; j < columnFragments; j += 2) {
          const unsigned column = warpColumn + j * 8 + lane % 8 + lane / 16 * 8;
          loadMatrices(bWords[j][0], bWords[j][1], bWords[j + 1][0], bWords[j + 1][1],
                       stage + tileBytes + swizzled(column, chunk + lane / 8 % 2));
        }
#pragma unroll
        for (unsigned i = 0; i < rowFragments; ++i) {
#pragma unroll
          for (unsigned j = 0; j < columnFragments; ++j) multiplyAdd<precision>(d[i][j], aWords[i], bWords[j]);
        }
      }
    }

    using Pair = OutputPair<precision>;
    auto* pairs = static_cast<typename Pair::Type*>(c);
#pragma unroll
    for (unsigned i = 0; i < rowFragments; ++i) {
#pragma unroll
      for (unsigned half = 0; half < 2; ++half) {
        const std::size_t row = tile.row * tileSize + warpRow + i * 16 + half * 8 + lane / 4;
#pragma unroll
        for (unsigned j = 0; j < columnFragments; ++j) {
          const unsigned column = tile.column * tileSize + warpColumn + j * 8 + lane % 4 * 2;
          pairs[(row * n + column) / 2] = Pair::of(d[i][j][half * 2], d[i][j][half * 2 + 1]);
        }
      }
    }
  }
#endif
}

}  // namespace

GemmMma::Function GemmMma::kernelFor(Precision precision) {
  switch (precision) {
    case Precision::Fp16:
      return gemmMma<Precision::Fp16>;
    case Precision::Bf16:
      return gemmMma<Precision::Bf16>;
    case Precision::Tf32:
      return gemmMma<Precision::Tf32>;
    default:
      throw Error(ErrorCode::BadInput, std::string("gpu: no matrix product in ") + precisionName(precision) + ".");
  }
}

GemmMma::GemmMma(const GemmShape& shape, Precision precision)
    : problem_(shape, precision), kernel_(kernelFor(precision)) {
  if (!hasMma(precision, codeVersion(kernel_))) {
    throw Error(ErrorCode::MissingEngine, std::string("gpu: this build's code has no ") + precisionName(precision) +
                                              " matrix instructions for this device.");
  }
  CUDA_CALL(cudaFuncSetAttribute(kernel_, cudaFuncAttributeMaxDynamicSharedMemorySize, stages * stageBytes));
}

void GemmMma::launch(const Stream& stream) {
  const GemmShape& shape = problem_.shape();
  const unsigned blocks = static_cast<unsigned>(shape.m) / tileSize * (static_cast<unsigned>(shape.n) / tileSize);
  const int rowBytes = shape.k * static_cast<int>(bytesOf(problem_.precision()));
  kernel_<<<blocks, threadsPerBlock, stages * stageBytes, stream.get()>>>(problem_.a(), problem_.b(), problem_.c(),
                                                                          shape.m, shape.n, rowBytes);
  CUDA_CALL(cudaGetLastError());
}

}  // namespace orion::gpu
