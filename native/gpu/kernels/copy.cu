#include <vector>

#include "gpu/kernels/copy.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threadsPerBlock = 256;
constexpr unsigned wordsPerThread = 4;
constexpr unsigned wordsPerBlock = threadsPerBlock * wordsPerThread;

/** The value of word `i` of the source, on device and host. */
__host__ __device__ uint4 pattern(std::size_t i) {
  const auto low = static_cast<unsigned>(i);
  const auto high = static_cast<unsigned>(i >> 32);
  return {low, high, low * 2654435761u, ~low};
}

unsigned blocksFor(std::size_t words) { return static_cast<unsigned>((words + wordsPerBlock - 1) / wordsPerBlock); }

__global__ void fillWithPattern(uint4* words, std::size_t count) {
  const std::size_t first = static_cast<std::size_t>(blockIdx.x) * wordsPerBlock + threadIdx.x;
  for (unsigned i = 0; i < wordsPerThread; ++i) {
    const std::size_t word = first + i * threadsPerBlock;
    if (word < count) words[word] = pattern(word);
  }
}

/** All loads of a thread are under way before its first store. */
__global__ void __launch_bounds__(threadsPerBlock)
    copyWords(const uint4* __restrict__ source, uint4* __restrict__ target, std::size_t count) {
  const std::size_t first = static_cast<std::size_t>(blockIdx.x) * wordsPerBlock + threadIdx.x;
  if (first + (wordsPerThread - 1) * threadsPerBlock < count) {
    uint4 words[wordsPerThread];
#pragma unroll
    for (unsigned i = 0; i < wordsPerThread; ++i) words[i] = source[first + i * threadsPerBlock];
#pragma unroll
    for (unsigned i = 0; i < wordsPerThread; ++i) target[first + i * threadsPerBlock] = words[i];
  } else {
    for (std::size_t word = first; word < count; word += threadsPerBlock) target[word] = source[word];
  }
}

bool equal(const uint4& a, const uint4& b) { return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w; }

}  // namespace

Copy::Copy(std::size_t bytes) : source_(bytes / sizeof(uint4)), target_(source_.size()) {
  fillWithPattern<<<blocksFor(source_.size()), threadsPerBlock>>>(source_.data(), source_.size());
  CUDA_CALL(cudaGetLastError());
  CUDA_CALL(cudaMemset(target_.data(), 0, target_.bytes()));
  CUDA_CALL(cudaDeviceSynchronize());
}

void Copy::launch(const Stream& stream) {
  copyWords<<<blocksFor(source_.size()), threadsPerBlock, 0, stream.get()>>>(source_.data(), target_.data(),
                                                                             source_.size());
  CUDA_CALL(cudaGetLastError());
}

bool Copy::answerIsCorrect(const Stream& stream) const {
  const std::vector<uint4> words = target_.read(stream);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!equal(words[i], pattern(i))) return false;
  }
  return true;
}

}  // namespace orion::gpu
