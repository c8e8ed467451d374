#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/read.cuh"
#include "gpu/kernels/streaming.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr unsigned warpsPerBlock = threads / 32;
constexpr unsigned loads = 8;
constexpr unsigned wordsPerWarp = 32 * loads;

__device__ unsigned sumOfWarp(unsigned value) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  return __reduce_add_sync(0xFFFFFFFFu, value);
#else
  for (unsigned distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(0xFFFFFFFFu, value, distance);
  return value;
#endif
}

/** sums[warp of the whole grid] = the sum of its words' parts, modulo 2^32. */
template <Hint hint>
__global__ void __launch_bounds__(threads, 4)  // registers for all loads at once
    sumChunk(const uint4* __restrict__ source, unsigned* __restrict__ sums, unsigned chunks) {
  const std::size_t warp = chunkOfBlock(chunks) * warpsPerBlock + threadIdx.x / 32;
  const uint4* start = source + warp * wordsPerWarp + threadIdx.x % 32;
  uint4 words[loads];
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) words[i] = loadWord<hint>(start + 32 * i);
  unsigned sum = 0;
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) sum += words[i].x + words[i].y + words[i].z + words[i].w;
  sum = sumOfWarp(sum);
  if (threadIdx.x % 32 == 0) sums[warp] = sum;
}

struct SumOfWarp {
  __host__ __device__ unsigned operator()(std::size_t warp) const {
    return Pattern::sum(warp * wordsPerWarp, wordsPerWarp);
  }
};

template <Hint hint>
class Read : public Kernel {
 public:
  Read(std::size_t arrayBytes, std::size_t launchBytes)
      : chunks_(arrayBytes, threads * loads, launchBytes),
        source_(chunks_.words()),
        sums_(static_cast<std::size_t>(chunks_.count) * warpsPerBlock) {
    fill(source_, Pattern{});
    poison(sums_);
  }

  Work work() const override { return {chunks_.bytesPerLaunch(), 0, 0}; }

  void launch(const Stream& stream) override {
    sumChunk<hint><<<chunks_.blocks(), threads, 0, stream.get()>>>(source_.data(), sums_.data(), chunks_.count);
    CUDA_CALL(cudaGetLastError());
  }

  Answer check(const Stream& stream) override {
    const DiffersFrom<SumOfWarp> isWrong{};
    const std::vector<unsigned> sums = sums_.read(stream);
    double wrong = 0;
    for (std::size_t warp = 0; warp < sums.size(); ++warp) wrong += isWrong(sums[warp], warp) ? 1 : 0;
    return {wrong, 0};
  }

 private:
  Chunks chunks_;
  Buffer<uint4> source_;
  Buffer<unsigned> sums_;
};

}  // namespace

std::vector<Case> readCases(const Device& device) {
  const std::size_t far = deviceMemoryBytes(device);
  const std::size_t near = l2ResidentBytes(device);
  return {
      {{"read", "memory", "read of device memory, " + std::to_string(far / MiB) + " MiB", Mode::Cold, "", "", true},
       [=] { return std::make_unique<Read<Hint::NoAllocate>>(far, 0); }},
      {{"read-l2", "cache", "read over and over of " + std::to_string(near / KiB) + " KiB, past L1", Mode::Hot, "", "",
        true},
       [=] { return std::make_unique<Read<Hint::KeepInL2>>(near, cachedBytesPerLaunch); }},
  };
}

}  // namespace orion::gpu
