#include <cuda_fp16.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "gpu/buffer.h"
#include "gpu/kernels/fma.cuh"
#include "gpu/kernels/kernel_facts.h"

namespace orion::gpu {
namespace {

constexpr unsigned threadsPerBlock = 256;
constexpr unsigned lanes = 32;  // the warps run the same chains, so that the host has few to follow
constexpr double shift = -1.9;

/** Start of a chain; a multiple of 1/512 in [-1.5, 1.5], exact in every precision. */
__host__ __device__ constexpr double startOf(unsigned lane, unsigned chain) {
  return (lane * 8 + chain) * 3.0 / 256 - 1.5;
}

// Steps: 1 to 2 ms at the full rate; fp64 runs at a 64th of fp32 on cards not made for it.
struct Fp64 {
  using Value = double;
  using Bits = unsigned long long;
  static constexpr unsigned width = 1, chains = 4, steps = 8192, unrolled = 64;
  static __host__ __device__ Value start(unsigned lane, unsigned chain) { return startOf(lane, chain); }
  static __device__ Value next(Value x) { return fma(x, x, shift); }
  static Value nextOnHost(Value x) { return std::fma(x, x, shift); }
};

struct Fp32 {
  using Value = float;
  using Bits = unsigned;
  static constexpr unsigned width = 1, chains = 8, steps = 32768, unrolled = 64;
  static __host__ __device__ Value start(unsigned lane, unsigned chain) {
    return static_cast<float>(startOf(lane, chain));
  }
  static __device__ Value next(Value x) { return fmaf(x, x, static_cast<float>(shift)); }
  static Value nextOnHost(Value x) { return std::fma(x, x, static_cast<float>(shift)); }
};

struct Fp16 {
  using Value = __half2;
  using Bits = unsigned;
  static constexpr unsigned width = 2, chains = 8, steps = 32768, unrolled = 64;
  static __host__ __device__ Value start(unsigned lane, unsigned chain) {
    const double x = startOf(lane, chain);
    return __halves2half2(__double2half(x), __double2half(x + 1.0 / 512));
  }
  static __device__ Value next(Value x) { return __hfma2(x, x, __half2_raw{shiftBits, shiftBits}); }
  static Value nextOnHost(Value x) { return __halves2half2(nextHalf(__low2half(x)), nextHalf(__high2half(x))); }

 private:
  static constexpr unsigned short shiftBits = 0xbf9a;  // -1.9, rounded

  /** x * x + c spans at most 49 bits here, so it is exact in double and rounded once. */
  static __half nextHalf(__half half) {
    const double x = __half2float(half);
    const double c = __half2float(__half_raw{shiftBits});
    return __double2half(x * x + c);
  }
};

template <typename Precision>
__host__ __device__ typename Precision::Bits bitsOf(typename Precision::Value value) {
  typename Precision::Bits bits;
  static_assert(sizeof(bits) == sizeof(value), "one word per value");
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

template <typename Precision>
__global__ void __launch_bounds__(threadsPerBlock) runChains(typename Precision::Bits* results) {
  typename Precision::Value values[Precision::chains];
#pragma unroll
  for (unsigned chain = 0; chain < Precision::chains; ++chain) {
    values[chain] = Precision::start(threadIdx.x % lanes, chain);
  }
  // The count of a loop costs issue slots, which fp32 needs all of: 1 in 200 when unrolled so far.
#pragma unroll 1
  for (unsigned step = 0; step < Precision::steps; step += Precision::unrolled) {
#pragma unroll
    for (unsigned i = 0; i < Precision::unrolled; ++i) {
#pragma unroll
      for (unsigned chain = 0; chain < Precision::chains; ++chain) values[chain] = Precision::next(values[chain]);
    }
  }
  typename Precision::Bits result = 0;
#pragma unroll
  for (unsigned chain = 0; chain < Precision::chains; ++chain) result ^= bitsOf<Precision>(values[chain]);
  results[blockIdx.x * threadsPerBlock + threadIdx.x] = result;
}

template <typename Precision>
typename Precision::Bits expectedOf(unsigned lane) {
  typename Precision::Bits result = 0;
  for (unsigned chain = 0; chain < Precision::chains; ++chain) {
    typename Precision::Value value = Precision::start(lane, chain);
    for (unsigned step = 0; step < Precision::steps; ++step) value = Precision::nextOnHost(value);
    result ^= bitsOf<Precision>(value);
  }
  return result;
}

template <typename Precision>
class FmaChains : public Kernel {
 public:
  explicit FmaChains(int multiprocessors)
      : blocks_(residentBlocks(runChains<Precision>, threadsPerBlock, 0, multiprocessors)),
        results_(std::size_t{blocks_} * threadsPerBlock) {
    CUDA_CALL(cudaMemset(results_.data(), 0xff, results_.bytes()));
    CUDA_CALL(cudaDeviceSynchronize());
  }

  Work work() const override {
    const double multiplyAdds =
        static_cast<double>(results_.size()) * Precision::chains * Precision::steps * Precision::width;
    return {static_cast<double>(results_.bytes()), 2 * multiplyAdds, 0};
  }

  void launch(const Stream& stream) override {
    runChains<Precision><<<blocks_, threadsPerBlock, 0, stream.get()>>>(results_.data());
    CUDA_CALL(cudaGetLastError());
  }

  /** The error is the number of threads with another result. */
  Answer check(const Stream& stream) override {
    std::vector<typename Precision::Bits> expected;
    for (unsigned lane = 0; lane < lanes; ++lane) expected.push_back(expectedOf<Precision>(lane));
    const std::vector<typename Precision::Bits> results = results_.read(stream);
    Answer answer;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i] != expected[i % lanes]) answer.error += 1;
    }
    return answer;
  }

 private:
  unsigned blocks_;
  Buffer<typename Precision::Bits> results_;
};

template <typename Precision>
Case fmaCase(const std::string& precision, const std::string& description, const Device& device) {
  CaseInfo info;
  info.name = "fma-" + precision;
  info.group = "arithmetic";
  info.description = description;
  info.mode = Mode::Hot;
  info.precision = precision;
  info.quick = true;
  const int multiprocessors = device.multiprocessors;
  return {info, [multiprocessors] { return std::make_unique<FmaChains<Precision>>(multiprocessors); }};
}

}  // namespace

std::vector<Case> fmaCases(const Device& device) {
  return {fmaCase<Fp64>("fp64", "chains of fused multiply-adds in double precision", device),
          fmaCase<Fp32>("fp32", "chains of fused multiply-adds in single precision", device),
          fmaCase<Fp16>("fp16", "chains of fused multiply-adds in half precision, two per instruction", device)};
}

}  // namespace orion::gpu
