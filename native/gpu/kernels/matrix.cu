#include <cuda_fp16.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "gpu/buffer.h"
#include "gpu/kernels/kernel_facts.h"
#include "gpu/kernels/matrix.cuh"
#include "gpu/kernels/mma.cuh"
#include "gpu/kernels/precision.h"
#include "gpu/kernels/wgmma.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threadsPerBlock = 256;
constexpr unsigned warpsPerBlock = threadsPerBlock / 32;

/** What every block computes: D[rows, columns] = repeats * A[rows, depth] x B[depth, columns]. */
struct Shape {
  unsigned rows;
  unsigned columns;
  unsigned depthBytes;
  unsigned repeats;
};

// A sum is of at most 64 products (fp16; 16 by mma.sync) of at most 64 each, repeated: 2^24. Some 2 ms.
constexpr Shape wgmmaShape = {2 * wgmma::rows, wgmma::columns, wgmma::rowBytes, 4096};
constexpr unsigned tilesPerWarp = 8;
constexpr Shape mmaShape = {warpsPerBlock * 16, tilesPerWarp * 8, 32, 8192};

/** Element k of row `line` of A (matrix 0) or of column `line` of B (matrix 1): -8..8, not 0. */
__host__ __device__ int element(unsigned matrix, unsigned line, unsigned k) {
  unsigned hash = (matrix * 512 + line) * 128 + k + 1;
  hash = (hash ^ hash >> 9) * 0x9e3779b1u;
  hash = (hash ^ hash >> 15) * 0x85ebca6bu;
  const int size = static_cast<int>(hash >> 28 & 7) + 1;
  return hash >> 31 ? -size : size;
}

/** Four bytes of an operand: elements from 4 * word / bytes per element on. */
template <Precision precision>
__device__ std::uint32_t wordOf(unsigned matrix, unsigned line, unsigned word) {
  if constexpr (precision == Precision::Fp16) {
    const std::uint32_t low = __half_as_ushort(__int2half_rn(element(matrix, line, 2 * word)));
    return low | static_cast<std::uint32_t>(__half_as_ushort(__int2half_rn(element(matrix, line, 2 * word + 1)))) << 16;
  } else if constexpr (precision == Precision::Int8) {
    std::uint32_t bytes = 0;
    for (unsigned i = 0; i < 4; ++i) bytes |= (element(matrix, line, 4 * word + i) & 0xffu) << (8 * i);
    return bytes;
  } else if constexpr (precision == Precision::Bf16) {
    // The upper half of a float: small integers lose nothing.
    const std::uint32_t low = __float_as_uint(static_cast<float>(element(matrix, line, 2 * word)));
    return low >> 16 | __float_as_uint(static_cast<float>(element(matrix, line, 2 * word + 1)));
  } else {
    return __float_as_uint(static_cast<float>(element(matrix, line, word)));
  }
}

template <Precision precision>
using Value = typename Accumulator<precision>::Value;

/** @param results [blocks, rows, columns] */
template <Precision precision>
__global__ void __launch_bounds__(threadsPerBlock) repeatMma(Value<precision>* results) {
#ifdef __CUDA_ARCH__
  if constexpr (hasMma(precision, __CUDA_ARCH__ / 10)) {
    const unsigned warp = threadIdx.x / 32;
    const unsigned g = threadIdx.x % 32 / 4;
    const unsigned t = threadIdx.x % 4;
    std::uint32_t a[4];
    std::uint32_t b[tilesPerWarp][2];
    Value<precision> d[tilesPerWarp][4] = {};
#pragma unroll
    for (unsigned r = 0; r < 4; ++r) a[r] = wordOf<precision>(0, warp * 16 + g + 8 * (r % 2), t + 4 * (r / 2));
#pragma unroll
    for (unsigned tile = 0; tile < tilesPerWarp; ++tile) {
#pragma unroll
      for (unsigned r = 0; r < 2; ++r) b[tile][r] = wordOf<precision>(1, tile * 8 + g, t + 4 * r);
    }
#pragma unroll 4
    for (unsigned repeat = 0; repeat < mmaShape.repeats; ++repeat) {
#pragma unroll
      for (unsigned tile = 0; tile < tilesPerWarp; ++tile) multiplyAdd<precision>(d[tile], a, b[tile]);
    }
    Value<precision>* block = results + static_cast<std::size_t>(blockIdx.x) * mmaShape.rows * mmaShape.columns;
#pragma unroll
    for (unsigned tile = 0; tile < tilesPerWarp; ++tile) {
#pragma unroll
      for (unsigned i = 0; i < 4; ++i) {
        const unsigned row = warp * 16 + g + 8 * (i / 2);
        block[row * mmaShape.columns + tile * 8 + 2 * t + i % 2] = d[tile][i];
      }
    }
  }
#endif
}

constexpr unsigned wgmmaSharedBytes = (wgmmaShape.rows + wgmmaShape.columns) * wgmma::rowBytes + wgmma::alignment;

/** @param results [blocks, rows, columns] */
template <Precision precision>
__global__ void __launch_bounds__(threadsPerBlock, 1) repeatWgmma(Value<precision>* results) {
#ifdef __CUDA_ARCH_FEAT_SM90_ALL
  extern __shared__ std::uint8_t shared[];
  const auto unaligned = static_cast<std::uint32_t>(__cvta_generic_to_shared(shared));
  const std::uint32_t offset = (wgmma::alignment - unaligned % wgmma::alignment) % wgmma::alignment;
  constexpr unsigned wordsPerRow = wgmma::rowBytes / 4;
  for (unsigned i = threadIdx.x; i < (wgmmaShape.rows + wgmmaShape.columns) * wordsPerRow; i += threadsPerBlock) {
    const unsigned row = i / wordsPerRow;  // those of B follow those of A
    const unsigned word = i % wordsPerRow;
    const bool isB = row >= wgmmaShape.rows;
    const std::uint32_t value = wordOf<precision>(isB, isB ? row - wgmmaShape.rows : row, word);
    *reinterpret_cast<std::uint32_t*>(shared + offset + wgmma::swizzled(row, word / 4) + word % 4 * 4) = value;
  }
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");  // wgmma reads by another path than ordinary loads
  __syncthreads();

  const unsigned warpgroup = threadIdx.x / 128;
  const std::uint64_t a = wgmma::descriptor(unaligned + offset + warpgroup * wgmma::rows * wgmma::rowBytes);
  const std::uint64_t b = wgmma::descriptor(unaligned + offset + wgmmaShape.rows * wgmma::rowBytes);
  Value<precision> d[wgmma::valuesPerThread] = {};
  wgmma::pin(d);
#pragma unroll 1
  for (unsigned repeat = 0; repeat < wgmmaShape.repeats; ++repeat) {
    wgmma::fence();
#pragma unroll
    for (unsigned step = 0; step < wgmma::rowBytes / wgmma::stepBytes; ++step) {
      wgmma::multiplyAdd<precision>(d, a + step * (wgmma::stepBytes / 16), b + step * (wgmma::stepBytes / 16));
    }
    wgmma::commit();
    wgmma::wait<1>();  // one group waits its turn while another runs
  }
  wgmma::wait<0>();
  wgmma::pin(d);

  Value<precision>* block = results + static_cast<std::size_t>(blockIdx.x) * wgmmaShape.rows * wgmmaShape.columns;
#pragma unroll
  for (unsigned i = 0; i < wgmma::valuesPerThread; ++i) {
    const unsigned row = threadIdx.x / 32 * 16 + threadIdx.x % 32 / 4 + 8 * (i / 2 % 2);
    block[row * wgmmaShape.columns + 8 * (i / 4) + 2 * (threadIdx.x % 4) + i % 2] = d[i];
  }
#endif
}

template <Precision precision>
class Matrix : public Kernel {
 public:
  Matrix(int multiprocessors, bool withWgmma)
      : shape_(withWgmma ? wgmmaShape : mmaShape),
        sharedBytes_(withWgmma ? wgmmaSharedBytes : 0),
        kernel_(withWgmma ? repeatWgmma<precision> : repeatMma<precision>),
        blocks_(blocksFor(kernel_, sharedBytes_, multiprocessors)),
        results_(std::size_t{blocks_} * shape_.rows * shape_.columns) {
    CUDA_CALL(cudaMemset(results_.data(), 0xff, results_.bytes()));
    CUDA_CALL(cudaDeviceSynchronize());
  }

  Work work() const override {
    const double multiplyAdds = static_cast<double>(results_.size()) * depth() * shape_.repeats;
    return {static_cast<double>(results_.bytes()), 2 * multiplyAdds, 0};
  }

  void launch(const Stream& stream) override {
    kernel_<<<blocks_, threadsPerBlock, sharedBytes_, stream.get()>>>(results_.data());
    CUDA_CALL(cudaGetLastError());
  }

  /** The error is the largest difference of an element; NaN counts as the largest of all. */
  Answer check(const Stream& stream) override {
    std::vector<double> expected;
    for (unsigned row = 0; row < shape_.rows; ++row) {
      for (unsigned column = 0; column < shape_.columns; ++column) {
        double sum = 0;
        for (unsigned k = 0; k < depth(); ++k) sum += static_cast<double>(element(0, row, k)) * element(1, column, k);
        expected.push_back(sum * shape_.repeats);
      }
    }
    const std::vector<Value<precision>> results = results_.read(stream);
    Answer answer;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const double error = std::abs(static_cast<double>(results[i]) - expected[i % expected.size()]);
      if (!(error <= answer.error)) answer.error = error;
      if (std::isnan(error)) break;
    }
    return answer;
  }

 private:
  static unsigned blocksFor(void (*kernel)(Value<precision>*), unsigned sharedBytes, int multiprocessors) {
    CUDA_CALL(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(sharedBytes)));
    return residentBlocks(kernel, threadsPerBlock, sharedBytes, multiprocessors);
  }

  unsigned depth() const { return shape_.depthBytes / static_cast<unsigned>(bytesOf(precision)); }

  Shape shape_;
  unsigned sharedBytes_;
  void (*kernel_)(Value<precision>*);
  unsigned blocks_;
  Buffer<Value<precision>> results_;
};

template <Precision precision>
std::unique_ptr<Kernel> prepareMatrix(int multiprocessors, bool mayUseWgmma) {
  if (!hasMma(precision, codeVersion(repeatMma<precision>))) {
    throw Error(ErrorCode::MissingEngine, std::string("gpu: this build's code has no ") + precisionName(precision) +
                                              " matrix instructions for this device.");
  }
  const bool withWgmma = mayUseWgmma && codeVersion(repeatWgmma<precision>) == 90;
  return std::make_unique<Matrix<precision>>(multiprocessors, withWgmma);
}

template <Precision precision>
void addCases(const Device& device, std::vector<Case>& cases) {
  if (!hasMma(precision, device.capability)) return;
  CaseInfo info;
  info.name = std::string("matrix-") + precisionName(precision);
  info.group = "matrix";
  info.description = "matrix multiply-adds by the tensor cores on operands in registers or shared memory";
  info.mode = Mode::Hot;
  info.precision = precisionName(precision);
  info.quick = true;
  const int multiprocessors = device.multiprocessors;
  cases.push_back({info, [multiprocessors] { return prepareMatrix<precision>(multiprocessors, true); }});
  if (device.capability != 90) return;
  info.name += "-mma";
  info.description += ", by mma.sync instead of wgmma";
  info.quick = false;
  cases.push_back({info, [multiprocessors] { return prepareMatrix<precision>(multiprocessors, false); }});
}

}  // namespace

std::vector<Case> matrixCases(const Device& device) {
  std::vector<Case> cases;
  addCases<Precision::Fp16>(device, cases);
  addCases<Precision::Bf16>(device, cases);
  addCases<Precision::Tf32>(device, cases);
  addCases<Precision::Int8>(device, cases);
  return cases;
}

}  // namespace orion::gpu
