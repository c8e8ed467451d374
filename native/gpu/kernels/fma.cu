#include <cmath>
#include <vector>

#include "gpu/kernels/fma.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threadsPerBlock = 256;
constexpr unsigned blocksPerMultiprocessor = 8;
constexpr unsigned chains = 8;  // independent, per thread: they hide the latency of one another
constexpr unsigned steps = 4096;

// x -> x * scale + shift tends to 0.5 from any start, through ever new values.
constexpr float scale = 0.999f;
constexpr float shift = 0.0005f;

/** Start of a chain; the same in every block, so that the host has few to follow. */
__host__ __device__ float startOf(unsigned thread, unsigned chain) {
  return static_cast<float>(thread * chains + chain);
}

__global__ void __launch_bounds__(threadsPerBlock) runChains(float* results, float factor, float addend) {
  float values[chains];
#pragma unroll
  for (unsigned chain = 0; chain < chains; ++chain) values[chain] = startOf(threadIdx.x, chain);
#pragma unroll 16
  for (unsigned step = 0; step < steps; ++step) {
#pragma unroll
    for (unsigned chain = 0; chain < chains; ++chain) values[chain] = fmaf(values[chain], factor, addend);
  }
  float sum = 0;
#pragma unroll
  for (unsigned chain = 0; chain < chains; ++chain) sum += values[chain];
  results[blockIdx.x * threadsPerBlock + threadIdx.x] = sum;
}

/** What a thread must arrive at: a fused multiply-add rounds once, on the host as well (IEEE 754). */
float expectedOf(unsigned thread) {
  float sum = 0;
  for (unsigned chain = 0; chain < chains; ++chain) {
    float value = startOf(thread, chain);
    for (unsigned step = 0; step < steps; ++step) value = std::fma(value, scale, shift);
    sum += value;
  }
  return sum;
}

}  // namespace

Fma::Fma(int multiprocessors)
    : results_(static_cast<std::size_t>(multiprocessors) * blocksPerMultiprocessor * threadsPerBlock) {}

double Fma::flopsPerLaunch() const { return 2.0 * static_cast<double>(results_.size()) * chains * steps; }

void Fma::launch(const Stream& stream) {
  const auto blocks = static_cast<unsigned>(results_.size() / threadsPerBlock);
  runChains<<<blocks, threadsPerBlock, 0, stream.get()>>>(results_.data(), scale, shift);
  CUDA_CALL(cudaGetLastError());
}

bool Fma::answerIsCorrect(const Stream& stream) const {
  std::vector<float> expected;
  for (unsigned thread = 0; thread < threadsPerBlock; ++thread) expected.push_back(expectedOf(thread));
  const std::vector<float> results = results_.read(stream);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] != expected[i % threadsPerBlock]) return false;
  }
  return true;
}

}  // namespace orion::gpu
