// What the fused kernels over the rows of a matrix (softmax, layer norm) share: a row is read once, kept in the
// registers of a warp or a block, and written once. Elements are fp32 or fp16; the arithmetic is fp32.
#pragma once

#include <cuda_fp16.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "gpu/buffer.h"
#include "gpu/case.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/kernel.h"
#include "gpu/kernels/streaming.cuh"

namespace orion::gpu {

/** 16 bytes of elements as a thread loads them. */
template <typename Element>
struct Packed;

template <>
struct Packed<float> {
  static constexpr unsigned lanes = 4;
  static __device__ void unpack(const uint4& word, float (&values)[lanes]) {
    values[0] = __uint_as_float(word.x);
    values[1] = __uint_as_float(word.y);
    values[2] = __uint_as_float(word.z);
    values[3] = __uint_as_float(word.w);
  }
  static __device__ uint4 pack(const float (&values)[lanes]) {
    return {__float_as_uint(values[0]), __float_as_uint(values[1]), __float_as_uint(values[2]),
            __float_as_uint(values[3])};
  }
};

template <>
struct Packed<__half> {
  static constexpr unsigned lanes = 8;
  static __device__ void unpack(const uint4& word, float (&values)[lanes]) {
    unpackPair(word.x, values[0], values[1]);
    unpackPair(word.y, values[2], values[3]);
    unpackPair(word.z, values[4], values[5]);
    unpackPair(word.w, values[6], values[7]);
  }
  static __device__ uint4 pack(const float (&values)[lanes]) {
    return {packPair(values[0], values[1]), packPair(values[2], values[3]), packPair(values[4], values[5]),
            packPair(values[6], values[7])};
  }

 private:
  static __device__ void unpackPair(const unsigned& bits, float& low, float& high) {
    const float2 pair = __half22float2(reinterpret_cast<const __half2&>(bits));
    low = pair.x;
    high = pair.y;
  }
  static __device__ unsigned packPair(float low, float high) {
    const __half2 pair = __floats2half2_rn(low, high);
    return reinterpret_cast<const unsigned&>(pair);
  }
};

/** How a row is spread over threads: thread t holds the vectors t, t + threadsPerRow, ... */
template <typename Element_, unsigned columns_, unsigned threadsPerRow_>
struct RowLayout {
  using Element = Element_;
  static constexpr unsigned columns = columns_;
  static constexpr unsigned threadsPerRow = threadsPerRow_;
  static constexpr unsigned lanes = Packed<Element>::lanes;
  static constexpr unsigned vectorsPerRow = columns / lanes;
  static constexpr unsigned vectorsPerThread = (vectorsPerRow + threadsPerRow - 1) / threadsPerRow;
  static constexpr bool isEven = vectorsPerRow % threadsPerRow == 0;
  static constexpr unsigned rowsPerBlock = threadsPerRow == 32 ? 8 : 1;
  static constexpr unsigned blockThreads = threadsPerRow * rowsPerBlock;
  static_assert(columns % lanes == 0, "rows begin at multiples of 16 bytes");

  static __device__ unsigned threadInRow() { return threadIdx.x % threadsPerRow; }
  /** Offset of this thread's row, in vectors. */
  static __device__ std::size_t rowStart() {
    return (static_cast<std::size_t>(blockIdx.x) * rowsPerBlock + threadIdx.x / threadsPerRow) * vectorsPerRow;
  }
  /** Whether the thread has a vector `i`. */
  static __device__ bool has(unsigned i) { return isEven || i * threadsPerRow + threadInRow() < vectorsPerRow; }
};

struct Sum {
  static __device__ float of(float a, float b) { return a + b; }
  static __device__ float neutral() { return 0; }
};
struct Maximum {
  static __device__ float of(float a, float b) { return fmaxf(a, b); }
  static __device__ float neutral() { return -INFINITY; }
};

template <typename Operation>
__device__ float reduceWarp(float value) {
#pragma unroll
  for (unsigned distance = 16; distance > 0; distance /= 2) {
    value = Operation::of(value, __shfl_xor_sync(0xFFFFFFFFu, value, distance));
  }
  return value;
}

/** Over the threads of a row, to all of them. @param ofWarps 32 floats of shared memory, of this reduction alone */
template <typename Operation, unsigned threadsPerRow>
__device__ float reduceRow(float value, float* ofWarps) {
  value = reduceWarp<Operation>(value);
  if constexpr (threadsPerRow > 32) {
    const unsigned lane = threadIdx.x % 32;
    if (lane == 0) ofWarps[threadIdx.x / 32] = value;
    __syncthreads();
    value = reduceWarp<Operation>(lane < threadsPerRow / 32 ? ofWarps[lane] : Operation::neutral());
  }
  return value;
}

/** Multiples of 1/256 in [-4, 4), scattered: fp16 holds them exactly. */
struct ScatteredValues {
  __host__ __device__ float operator()(std::size_t i) const {
    unsigned bits = static_cast<unsigned>(i) * 2654435761u;
    bits = (bits ^ (bits >> 15)) * 2246822519u;
    return static_cast<float>(static_cast<int>(bits >> 21) - 1024) / 256;
  }
};

template <typename Element>
struct ScatteredElements {
  __host__ __device__ Element operator()(std::size_t i) const { return static_cast<Element>(ScatteredValues{}(i)); }
};

struct IsNotFinite {
  template <typename Element>
  __host__ __device__ bool operator()(Element value, std::size_t) const {
    const auto number = static_cast<float>(value);
    return !(number - number == 0);
  }
};

/** A kernel from one matrix to another of the same shape, checked row by row. */
template <typename Element>
class RowKernel : public Kernel {
 public:
  RowKernel(std::size_t rows, std::size_t columns)
      : input_(rows * columns), output_(rows * columns), rows_(rows), columns_(columns) {
    fill(input_, ScatteredElements<Element>{});
    poison(output_, 0xFF);  // not a number
  }

  Work work() const override { return {2.0 * static_cast<double>(input_.bytes()), 0, 0}; }

  /** Every element of 17 rows from the first to the last; of the others, that they are finite. */
  Answer check(const Stream& stream) override {
    Answer answer{0, sizeof(Element) == 2 ? 0x1p-10 : 1e-5};
    if (wrongOnDevice(output_, IsNotFinite{}, stream) > 0) {
      answer.error = std::numeric_limits<double>::infinity();
      return answer;
    }
    constexpr std::size_t sampled = 17;
    for (std::size_t sample = 0; sample < sampled; ++sample) {
      const std::size_t start = sample * (rows_ - 1) / (sampled - 1) * columns_;
      std::vector<double> input;
      for (std::size_t i = 0; i < columns_; ++i) input.push_back(ScatteredValues{}(start + i));
      const std::vector<double> expected = expectedOf(input);
      const std::vector<Element> output = readRange(output_, start, columns_, stream);
      for (std::size_t i = 0; i < columns_; ++i) {
        const double difference = std::abs(static_cast<double>(static_cast<float>(output[i])) - expected[i]);
        answer.error = std::max(answer.error, difference / (std::abs(expected[i]) + smallest()));
      }
    }
    return answer;
  }

 protected:
  virtual std::vector<double> expectedOf(const std::vector<double>& input) const = 0;
  /** Errors are relative to the value plus this. */
  virtual double smallest() const = 0;

  const uint4* input() const { return reinterpret_cast<const uint4*>(input_.data()); }
  uint4* output() const { return reinterpret_cast<uint4*>(output_.data()); }
  std::size_t rows() const { return rows_; }

 private:
  Buffer<Element> input_;
  Buffer<Element> output_;
  std::size_t rows_;
  std::size_t columns_;
};

/** What is done to each row. */
struct RowWork {
  std::string name;
  std::string description;
};

/** Adds `<work>-<rows>x<columns>[-fp16]` where the device has room for it. */
template <template <typename> class Fused, typename Layout>
void addRowCase(std::vector<Case>& cases, const RowWork& work, std::size_t rows, const Device& device, bool quick) {
  constexpr bool isHalf = sizeof(typename Layout::Element) == 2;
  if (4 * rows * Layout::columns * sizeof(typename Layout::Element) > device.freeBytes) return;
  const std::string shape = std::to_string(rows) + "x" + std::to_string(Layout::columns);
  cases.push_back({{work.name + "-" + shape + (isHalf ? "-fp16" : ""), "training",
                    work.description + "; matrix of " + shape, Mode::Cold, isHalf ? "fp16" : "fp32", "", quick},
                   [rows] { return std::make_unique<Fused<Layout>>(rows); }});
}

}  // namespace orion::gpu
