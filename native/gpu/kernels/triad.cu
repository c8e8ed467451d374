#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/streaming.cuh"
#include "gpu/kernels/triad.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr float scale = 3;

// Whole numbers, the results below 2^24: exact whatever the order of rounding.
struct First {
  __host__ __device__ float4 operator()(std::size_t i) const {
    const auto low = static_cast<float>(i % 65521);
    return {low + 1, low + 2, low + 3, low + 4};
  }
};
struct Second {
  __host__ __device__ float4 operator()(std::size_t i) const {
    const auto low = static_cast<float>(i / 16 % 1021);
    return {low + 1, low + 3, low + 5, low + 7};
  }
};
struct Triple {
  __host__ __device__ float4 operator()(std::size_t i) const {
    const float4 b = First{}(i);
    const float4 c = Second{}(i);
    return {b.x + scale * c.x, b.y + scale * c.y, b.z + scale * c.z, b.w + scale * c.w};
  }
};

/** @tparam loads words per thread of each of the two sources */
template <unsigned loads, Hint hint>
__global__ void __launch_bounds__(threads)
    addScaled(const float4* __restrict__ first, const float4* __restrict__ second, float4* __restrict__ target,
              float factor, unsigned chunks) {
  const std::size_t start = chunkOfBlock(chunks) * threads * loads + threadIdx.x;
  float4 b[loads];
  float4 c[loads];
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) {
    b[i] = loadWord<hint>(first + start + i * threads);
    c[i] = loadWord<hint>(second + start + i * threads);
  }
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) {
    const float4 a = {fmaf(factor, c[i].x, b[i].x), fmaf(factor, c[i].y, b[i].y), fmaf(factor, c[i].z, b[i].z),
                      fmaf(factor, c[i].w, b[i].w)};
    storeWord<hint>(target + start + i * threads, a);
  }
}

template <unsigned loads, Hint hint>
class Triad : public Kernel {
 public:
  Triad(std::size_t arrayBytes, std::size_t launchBytes)
      : chunks_(arrayBytes, threads * loads, launchBytes),
        first_(chunks_.words()),
        second_(chunks_.words()),
        target_(chunks_.words()) {
    fill(first_, First{});
    fill(second_, Second{});
    poison(target_);
  }

  Work work() const override {
    const double bytes = chunks_.bytesPerLaunch();
    return {3 * bytes, 2 * bytes / sizeof(float), 0};
  }

  void launch(const Stream& stream) override {
    addScaled<loads, hint><<<chunks_.blocks(), threads, 0, stream.get()>>>(first_.data(), second_.data(),
                                                                           target_.data(), scale, chunks_.count);
    CUDA_CALL(cudaGetLastError());
  }

  Answer check(const Stream& stream) override { return {differences(target_, Triple{}, stream), 0}; }

 private:
  Chunks chunks_;
  Buffer<float4> first_;
  Buffer<float4> second_;
  Buffer<float4> target_;
};

}  // namespace

std::vector<Case> triadCases(const Device& device) {
  const std::size_t far = deviceMemoryBytes(device);
  const std::size_t near = l2ResidentBytes(device);
  return {
      {{"triad", "memory", "a = b + s * c in device memory, " + std::to_string(far / MiB) + " MiB in all", Mode::Cold,
        "fp32", "", true},
       [=] { return std::make_unique<Triad<1, Hint::None>>(far / 3, 0); }},
      {{"triad-l2", "cache", "a = b + s * c over and over, working set of " + std::to_string(near / KiB) + " KiB",
        Mode::Hot, "fp32", "", true},
       [=] { return std::make_unique<Triad<4, Hint::KeepInL2>>(near / 3, cachedBytesPerLaunch / 3); }},
  };
}

}  // namespace orion::gpu
