#include <cstdint>

#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/shared.cuh"
#include "gpu/kernels/streaming.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr unsigned blocksPerMultiprocessor = 4;  // resident all at once
constexpr unsigned loads = 4;                    // 16 KiB per block
constexpr unsigned rounds = 2048;

/** Volatile: the compiler would keep in registers what it has read once. */
__device__ uint4 readShared(std::uint32_t address) {
  uint4 word;
  asm volatile("ld.volatile.shared.v4.u32 {%0, %1, %2, %3}, [%4];"
               : "=r"(word.x), "=r"(word.y), "=r"(word.z), "=r"(word.w)
               : "r"(address));
  return word;
}

/** sums[block * threads + thread] = `rounds` times the sum of the thread's words, modulo 2^32. */
__global__ void __launch_bounds__(threads) sumShared(unsigned* __restrict__ sums) {
  __shared__ uint4 words[threads * loads];
  for (unsigned i = 0; i < loads; ++i) words[i * threads + threadIdx.x] = Pattern{}(i * threads + threadIdx.x);
  __syncthreads();

  const auto start = static_cast<std::uint32_t>(__cvta_generic_to_shared(words + threadIdx.x));
  uint4 sum = {0, 0, 0, 0};
#pragma unroll 4
  for (unsigned round = 0; round < rounds; ++round) {
    uint4 read[loads];
#pragma unroll
    for (unsigned i = 0; i < loads; ++i) read[i] = readShared(start + i * threads * sizeof(uint4));
#pragma unroll
    for (unsigned i = 0; i < loads; ++i) {
      sum.x += read[i].x;
      sum.y += read[i].y;
      sum.z += read[i].z;
      sum.w += read[i].w;
    }
  }
  sums[blockIdx.x * threads + threadIdx.x] = sum.x + sum.y + sum.z + sum.w;
}

struct SumOfThread {
  unsigned operator()(std::size_t i) const {
    unsigned sum = 0;
    for (unsigned load = 0; load < loads; ++load) sum += Pattern::sum(load * threads + i % threads, 1);
    return rounds * sum;
  }
};

class SharedRead : public Kernel {
 public:
  explicit SharedRead(int multiprocessors)
      : blocks_(static_cast<unsigned>(multiprocessors) * blocksPerMultiprocessor), sums_(blocks_ * threads) {
    poison(sums_);
  }

  Work work() const override { return {static_cast<double>(sums_.size()) * sizeof(uint4) * loads * rounds, 0, 0}; }

  void launch(const Stream& stream) override {
    sumShared<<<blocks_, threads, 0, stream.get()>>>(sums_.data());
    CUDA_CALL(cudaGetLastError());
  }

  Answer check(const Stream& stream) override {
    const std::vector<unsigned> sums = sums_.read(stream);
    double wrong = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) wrong += sums[i] == SumOfThread{}(i) ? 0 : 1;
    return {wrong, 0};
  }

 private:
  unsigned blocks_;
  Buffer<unsigned> sums_;
};

}  // namespace

std::vector<Case> sharedCases(const Device& device) {
  return {{{"shared-read", "shared", "16-byte reads of shared memory, 16 KiB per block, no bank conflicts", Mode::Hot,
            "", "", true},
           [multiprocessors = device.multiprocessors] { return std::make_unique<SharedRead>(multiprocessors); }}};
}

}  // namespace orion::gpu
