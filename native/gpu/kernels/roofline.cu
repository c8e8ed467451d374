#include <cmath>
#include <string>

#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/roofline.cuh"
#include "gpu/kernels/streaming.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr unsigned loads = 4;
constexpr unsigned distinctWords = 1024;  // the array repeats them: few chains for the host to follow

// x -> x * scale + shift tends to 0.5 from any start, through ever new values.
constexpr float scale = 0.999f;
constexpr float shift = 0.0005f;

struct Start {
  __host__ __device__ float4 operator()(std::size_t i) const {
    const auto first = static_cast<float>(4 * (i % distinctWords));
    return {first + 1, first + 2, first + 3, first + 4};
  }
};

/** Chains of a word's four elements: x and y alone have one of `length` 0.5. */
template <unsigned fmasPerWord>
struct Chain {
  static constexpr bool isHalf = fmasPerWord < 4;
  static constexpr unsigned length = isHalf ? 1 : fmasPerWord / 4;
  static constexpr unsigned elements = isHalf ? 2 : 4;
};

template <unsigned fmasPerWord>
__global__ void __launch_bounds__(threads, 4)
    runChains(const float4* __restrict__ source, float4* __restrict__ target, float factor, float addend) {
  using Chains = Chain<fmasPerWord>;
  const std::size_t first = static_cast<std::size_t>(blockIdx.x) * threads * loads + threadIdx.x;
  float values[loads][4];
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) {
    const float4 word = loadWord<Hint::NoAllocate>(source + first + i * threads);
    values[i][0] = word.x;
    values[i][1] = word.y;
    values[i][2] = word.z;
    values[i][3] = word.w;
  }
#pragma unroll 16
  for (unsigned step = 0; step < Chains::length; ++step) {
#pragma unroll
    for (unsigned i = 0; i < loads; ++i) {
#pragma unroll
      for (unsigned element = 0; element < Chains::elements; ++element) {
        values[i][element] = fmaf(values[i][element], factor, addend);
      }
    }
  }
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) {
    const float4 word = {values[i][0], values[i][1], values[i][2], values[i][3]};
    storeWord<Hint::NoAllocate>(target + first + i * threads, word);
  }
}

/** What the words must become: a fused multiply-add rounds once, on the host as well (IEEE 754). */
template <unsigned fmasPerWord>
std::vector<float4> expectedWords() {
  std::vector<float4> words;
  for (unsigned i = 0; i < distinctWords; ++i) {
    float4 word = Start{}(i);
    const auto follow = [](float& value) {
      for (unsigned step = 0; step < Chain<fmasPerWord>::length; ++step) value = std::fma(value, scale, shift);
    };
    follow(word.x);
    follow(word.y);
    if (!Chain<fmasPerWord>::isHalf) {
      follow(word.z);
      follow(word.w);
    }
    words.push_back(word);
  }
  return words;
}

/** Word `i` of the table that the array repeats. */
struct Repeated {
  const float4* words;
  __host__ __device__ float4 operator()(std::size_t i) const { return words[i % distinctWords]; }
};

template <unsigned fmasPerWord>
class ChainedCopy : public Kernel {
 public:
  explicit ChainedCopy(std::size_t arrayBytes)
      : chunks_(arrayBytes, threads * loads), source_(chunks_.words()), target_(chunks_.words()) {
    fill(source_, Start{});
    poison(target_);
  }

  Work work() const override {
    return {2 * chunks_.bytesPerLaunch(), 2.0 * fmasPerWord * static_cast<double>(chunks_.words()), 0};
  }

  void launch(const Stream& stream) override {
    runChains<fmasPerWord>
        <<<chunks_.blocks(), threads, 0, stream.get()>>>(source_.data(), target_.data(), scale, shift);
    CUDA_CALL(cudaGetLastError());
  }

  Answer check(const Stream& stream) override {
    const std::vector<float4> expected = expectedWords<fmasPerWord>();
    const Buffer<float4> onDevice(expected.size());
    CUDA_CALL(
        cudaMemcpyAsync(onDevice.data(), expected.data(), onDevice.bytes(), cudaMemcpyHostToDevice, stream.get()));
    const double wrong = wrongOnDevice(target_, DiffersFrom<Repeated>{{onDevice.data()}}, stream);
    return {wrong + wrongOnHost(target_, DiffersFrom<Repeated>{{expected.data()}}, stream), 0};
  }

 private:
  Chunks chunks_;
  Buffer<float4> source_;
  Buffer<float4> target_;
};

/** @param flopsPerByte in words; 32 bytes of traffic per word of 16: fmasPerWord = 16 * FLOPs per byte */
template <unsigned fmasPerWord>
Case rooflineCase(const std::string& flopsPerByte, std::size_t bytes, bool quick = false) {
  return {{"roofline-" + flopsPerByte, "roofline",
           "read, " + flopsPerByte + " FLOPs per byte, write, " + std::to_string(bytes / MiB) + " MiB in all",
           Mode::Cold, "fp32", "", quick},
          [bytes] { return std::make_unique<ChainedCopy<fmasPerWord>>(bytes / 2); }};
}

}  // namespace

std::vector<Case> rooflineCases(const Device& device) {
  const std::size_t bytes = std::min(std::max(8 * device.l2Bytes, 1024 * MiB), device.freeBytes / 2);
  return {
      rooflineCase<2>("0.125", bytes),    rooflineCase<4>("0.25", bytes),         rooflineCase<8>("0.5", bytes),
      rooflineCase<16>("1", bytes, true), rooflineCase<32>("2", bytes),           rooflineCase<64>("4", bytes),
      rooflineCase<128>("8", bytes),      rooflineCase<256>("16", bytes),         rooflineCase<512>("32", bytes),
      rooflineCase<1024>("64", bytes),    rooflineCase<2048>("128", bytes, true),
  };
}

}  // namespace orion::gpu
