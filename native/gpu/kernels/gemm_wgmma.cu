#include <algorithm>

#include "base/error.h"
#include "gpu/kernels/gemm_tiles.cuh"
#include "gpu/kernels/gemm_wgmma.cuh"
#include "gpu/kernels/kernel_facts.h"
#include "gpu/kernels/tma.cuh"
#include "gpu/kernels/wgmma.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned warpgroups = 2;  // below each other
constexpr unsigned tileRows = warpgroups * wgmma::rows;
constexpr unsigned tileColumns = wgmma::columns;
constexpr unsigned workerThreads = warpgroups * 128;
constexpr unsigned threadsPerBlock = workerThreads + 32;  // the last warp has operands copied
constexpr unsigned stages = 4;
constexpr unsigned aBytes = tileRows * wgmma::rowBytes;
constexpr unsigned stageBytes = aBytes + tileColumns * wgmma::rowBytes;
constexpr unsigned barrierBytes = 2 * stages * 8;
constexpr unsigned sharedBytes = wgmma::alignment + stages * stageBytes + barrierBytes;

template <Precision precision>
constexpr unsigned stepColumns = wgmma::rowBytes / bytesOf(precision);

#ifdef __CUDA_ARCH_FEAT_SM90_ALL

/** Addresses in shared memory. A stage is full when its operands have come, and empty when all warps have used them. */
struct Pipeline {
  std::uint32_t stages0;
  std::uint32_t barriers0;

  __device__ std::uint32_t a(unsigned stage) const { return stages0 + stage * stageBytes; }
  __device__ std::uint32_t b(unsigned stage) const { return a(stage) + aBytes; }
  __device__ std::uint32_t full(unsigned stage) const { return barriers0 + stage * 8; }
  __device__ std::uint32_t empty(unsigned stage) const { return barriers0 + (stages + stage) * 8; }
};

/** Of four neighbouring threads, thread t gives its word i to thread i as word t. */
__device__ __forceinline__ void transposeAmongFour(std::uint32_t (&words)[4]) {
  const unsigned t = threadIdx.x % 4;
#pragma unroll
  for (unsigned i = 0; i < 4; i += 2) {
    const std::uint32_t other = __shfl_xor_sync(~0u, t & 1 ? words[i] : words[i + 1], 1);
    (t & 1 ? words[i] : words[i + 1]) = other;
  }
#pragma unroll
  for (unsigned i = 0; i < 2; ++i) {
    const std::uint32_t other = __shfl_xor_sync(~0u, t & 2 ? words[i] : words[i + 2], 2);
    (t & 2 ? words[i] : words[i + 2]) = other;
  }
}

/** Writes 64 x 256 of C, a warpgroup's part of a tile. @param c its first element, in a matrix of n columns */
template <Precision precision>
__device__ __forceinline__ void writeOutput(typename OutputPair<precision>::Type* c, unsigned n,
                                            const float (&d)[wgmma::valuesPerThread]) {
  using Pair = OutputPair<precision>;
  const unsigned t = threadIdx.x % 4;
#pragma unroll
  for (unsigned half = 0; half < 2; ++half) {
    const std::size_t row = threadIdx.x % 128 / 32 * 16 + half * 8 + threadIdx.x % 32 / 4;
    typename Pair::Type* pairs = c + row * n / 2;
    if constexpr (sizeof(typename Pair::Type) == 4) {
      // Whole groups of eight columns per thread: 16 bytes in one store.
#pragma unroll
      for (unsigned group = 0; group < wgmma::columns / 8; group += 4) {
        std::uint32_t words[4];
#pragma unroll
        for (unsigned i = 0; i < 4; ++i) {
          const unsigned value = (group + i) * 4 + half * 2;
          const typename Pair::Type pair = Pair::of(d[value], d[value + 1]);
          words[i] = reinterpret_cast<const std::uint32_t&>(pair);
        }
        transposeAmongFour(words);
        *reinterpret_cast<uint4*>(pairs + (group + t) * 4) = make_uint4(words[0], words[1], words[2], words[3]);
      }
    } else {
#pragma unroll
      for (unsigned group = 0; group < wgmma::columns / 8; ++group) {
        const unsigned value = group * 4 + half * 2;
        pairs[group * 4 + t] = Pair::of(d[value], d[value + 1]);
      }
    }
  }
}

#endif  // __CUDA_ARCH_FEAT_SM90_ALL

/** @param m, n, steps of C, and of K in parts of 128 bytes of elements */
template <Precision precision>
__global__ void __launch_bounds__(threadsPerBlock, 1)
    gemmWgmma(const __grid_constant__ CUtensorMap a, const __grid_constant__ CUtensorMap b, void* c, unsigned m,
              unsigned n, unsigned steps) {
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
  extern __shared__ std::uint8_t gemmWgmmaShared[];
  const auto unaligned = static_cast<std::uint32_t>(__cvta_generic_to_shared(gemmWgmmaShared));
  const std::uint32_t aligned = (unaligned + wgmma::alignment - 1) / wgmma::alignment * wgmma::alignment;
  const Pipeline pipeline = {aligned, aligned + stages * stageBytes};
  if (threadIdx.x == 0) {
    for (unsigned stage = 0; stage < stages; ++stage) {
      tma::initialise(pipeline.full(stage), 1);
      tma::initialise(pipeline.empty(stage), workerThreads / 32);
    }
    tma::publish();
  }
  __syncthreads();

  const unsigned tiles = m / tileRows * (n / tileColumns);
  unsigned used = 0;  // stages used so far, over all tiles
  if (threadIdx.x >= workerThreads) {
    if (threadIdx.x > workerThreads) return;
    for (unsigned block = blockIdx.x; block < tiles; block += gridDim.x) {
      const Tile tile = tileOf(block, m / tileRows, n / tileColumns);
      for (unsigned step = 0; step < steps; ++step, ++used) {
        const unsigned stage = used % stages;
        if (used >= stages) tma::waitFor(pipeline.empty(stage), used / stages - 1);
        tma::arriveAndExpect(pipeline.full(stage), stageBytes);
        const int column = static_cast<int>(step * stepColumns<precision>);
        tma::copyBox(pipeline.a(stage), &a, column, static_cast<int>(tile.row * tileRows), pipeline.full(stage));
        tma::copyBox(pipeline.b(stage), &b, column, static_cast<int>(tile.column * tileColumns), pipeline.full(stage));
      }
    }
  } else {
    const unsigned warpgroup = threadIdx.x / 128;
    const auto release = [&](unsigned stage) {
      if (threadIdx.x % 32 == 0) tma::arrive(pipeline.empty(stage));
    };
    for (unsigned block = blockIdx.x; block < tiles; block += gridDim.x) {
      const Tile tile = tileOf(block, m / tileRows, n / tileColumns);
      float d[wgmma::valuesPerThread] = {};
      wgmma::pin(d);
      for (unsigned step = 0; step < steps; ++step, ++used) {
        const unsigned stage = used % stages;
        tma::waitFor(pipeline.full(stage), used / stages);
        const std::uint64_t aStage = wgmma::descriptor(pipeline.a(stage) + warpgroup * wgmma::rows * wgmma::rowBytes);
        const std::uint64_t bStage = wgmma::descriptor(pipeline.b(stage));
        wgmma::fence();
#pragma unroll
        for (unsigned i = 0; i < wgmma::rowBytes / wgmma::stepBytes; ++i) {
          wgmma::multiplyAdd<precision>(d, aStage + i * (wgmma::stepBytes / 16), bStage + i * (wgmma::stepBytes / 16));
        }
        wgmma::commit();
        wgmma::wait<1>();  // so the step before has ended
        if (step > 0) release((used - 1) % stages);
      }
      wgmma::wait<0>();
      wgmma::pin(d);
      release((used - 1) % stages);

      using Type = typename OutputPair<precision>::Type;
      const std::size_t row = tile.row * tileRows + warpgroup * wgmma::rows;
      writeOutput<precision>(static_cast<Type*>(c) + (row * n + tile.column * tileColumns) / 2, n, d);
    }
  }
#endif
}

using Function = void (*)(CUtensorMap a, CUtensorMap b, void* c, unsigned m, unsigned n, unsigned steps);

Function kernelFor(Precision precision) {
  if (precision == Precision::Fp16) return gemmWgmma<Precision::Fp16>;
  return precision == Precision::Bf16 ? gemmWgmma<Precision::Bf16> : gemmWgmma<Precision::Tf32>;
}

CUtensorMapDataType mapType(Precision precision) {
  if (precision == Precision::Fp16) return CU_TENSOR_MAP_DATA_TYPE_FLOAT16;
  return precision == Precision::Bf16 ? CU_TENSOR_MAP_DATA_TYPE_BFLOAT16 : CU_TENSOR_MAP_DATA_TYPE_FLOAT32;
}

/**
 * Describes a row-major operand to the copy engine, to be copied in boxes of `boxRows` rows by 128 bytes, laid out in
 * shared memory as wgmma.cuh wants them.
 */
CUtensorMap describeOperand(void* data, Precision precision, int rows, int columns, unsigned boxRows) {
  // From the driver by name: the package is not linked with libcuda, which most machines lack.
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found;
  CUDA_CALL(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000, cudaEnableDefault, &found));
  if (found != cudaDriverEntryPointSuccess) throw Error(ErrorCode::Io, "gpu: the driver lacks cuTensorMapEncodeTiled.");

  CUtensorMap map;
  const std::size_t elementBytes = bytesOf(precision);
  const cuuint64_t sizes[] = {static_cast<cuuint64_t>(columns), static_cast<cuuint64_t>(rows)};
  const cuuint64_t pitch[] = {static_cast<cuuint64_t>(columns) * elementBytes};
  const cuuint32_t box[] = {static_cast<cuuint32_t>(wgmma::rowBytes / elementBytes), boxRows};
  const cuuint32_t strides[] = {1, 1};
  const CUresult status = reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function)(
      &map, mapType(precision), 2, data, sizes, pitch, box, strides, CU_TENSOR_MAP_INTERLEAVE_NONE,
      CU_TENSOR_MAP_SWIZZLE_128B, CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (status != CUDA_SUCCESS) {
    throw Error(ErrorCode::Io, "gpu: cuTensorMapEncodeTiled failed with status " + std::to_string(status) + ".");
  }
  return map;
}

}  // namespace

bool GemmWgmma::suits(const GemmShape& shape, Precision precision) {
  if (precision != Precision::Fp16 && precision != Precision::Bf16 && precision != Precision::Tf32) return false;
  const int columnsPerStep = wgmma::rowBytes / static_cast<int>(bytesOf(precision));
  const bool divides = shape.m % tileRows == 0 && shape.n % tileColumns == 0 && shape.k % columnsPerStep == 0;
  return divides && codeVersion(kernelFor(precision)) == 90;
}

GemmWgmma::GemmWgmma(const GemmShape& shape, Precision precision)
    : problem_(shape, precision),
      a_(describeOperand(problem_.a(), precision, shape.m, shape.k, tileRows)),
      b_(describeOperand(problem_.b(), precision, shape.n, shape.k, tileColumns)) {
  int device = 0;
  int multiprocessors = 0;
  CUDA_CALL(cudaGetDevice(&device));
  CUDA_CALL(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device));
  const unsigned tiles = static_cast<unsigned>(shape.m) / tileRows * (static_cast<unsigned>(shape.n) / tileColumns);
  blocks_ = std::min(tiles, static_cast<unsigned>(multiprocessors));
  CUDA_CALL(cudaFuncSetAttribute(kernelFor(precision), cudaFuncAttributeMaxDynamicSharedMemorySize, sharedBytes));
}

void GemmWgmma::launch(const Stream& stream) {
  const GemmShape& shape = problem_.shape();
  const unsigned columnsPerStep = wgmma::rowBytes / static_cast<unsigned>(bytesOf(problem_.precision()));
  kernelFor(problem_.precision())<<<blocks_, threadsPerBlock, sharedBytes, stream.get()>>>(
      a_, b_, problem_.c(), static_cast<unsigned>(shape.m), static_cast<unsigned>(shape.n),
      static_cast<unsigned>(shape.k) / columnsPerStep);
  CUDA_CALL(cudaGetLastError());
}

}  // namespace orion::gpu
