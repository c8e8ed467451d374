#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/copy.cuh"
#include "gpu/kernels/streaming.cuh"

namespace orion::gpu {
namespace {

/** All loads of a thread are under way before its first store. */
template <unsigned threads, unsigned loads, Hint hint>
__global__ void __launch_bounds__(threads)
    copyChunk(const uint4* __restrict__ source, uint4* __restrict__ target, unsigned chunks) {
  const std::size_t first = chunkOfBlock(chunks) * threads * loads + threadIdx.x;
  uint4 words[loads];
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) words[i] = loadWord<hint>(source + first + i * threads);
#pragma unroll
  for (unsigned i = 0; i < loads; ++i) storeWord<hint>(target + first + i * threads, words[i]);
}

/** A way to copy: what `queue` queues covers the arrays `chunks.passes` times. */
struct Shape {
  std::size_t wordsPerChunk;
  void (*queue)(const Stream& stream, const uint4* source, uint4* target, const Chunks& chunks);
};

template <unsigned threads, unsigned loads, Hint hint>
void queueOwnCopy(const Stream& stream, const uint4* source, uint4* target, const Chunks& chunks) {
  copyChunk<threads, loads, hint><<<chunks.blocks(), threads, 0, stream.get()>>>(source, target, chunks.count);
}

template <unsigned threads, unsigned loads, Hint hint>
constexpr Shape ownCopy = {threads* loads, queueOwnCopy<threads, loads, hint>};

void queueDriverCopy(const Stream& stream, const uint4* source, uint4* target, const Chunks& chunks) {
  CUDA_CALL(cudaMemcpyAsync(target, source, chunks.bytes(), cudaMemcpyDeviceToDevice, stream.get()));
}

constexpr Shape driverCopy = {256, queueDriverCopy};

class Copy : public Kernel {
 public:
  Copy(Shape shape, std::size_t arrayBytes, std::size_t launchBytes)
      : shape_(shape),
        chunks_(arrayBytes, shape.wordsPerChunk, launchBytes),
        source_(chunks_.words()),
        target_(chunks_.words()) {
    fill(source_, Pattern{});
    poison(target_);
  }

  Work work() const override { return {2 * chunks_.bytesPerLaunch(), 0, 0}; }

  void launch(const Stream& stream) override {
    shape_.queue(stream, source_.data(), target_.data(), chunks_);
    CUDA_CALL(cudaGetLastError());
  }

  Answer check(const Stream& stream) override { return {differences(target_, Pattern{}, stream), 0}; }

 private:
  Shape shape_;
  Chunks chunks_;
  Buffer<uint4> source_;
  Buffer<uint4> target_;
};

/** @param bytes of source and target together */
Case memoryCase(const std::string& name, const std::string& how, Shape shape, std::size_t bytes, bool quick) {
  return {{name, "memory", "copy in device memory, " + how + ", " + std::to_string(bytes / MiB) + " MiB in all",
           Mode::Cold, "", "", quick},
          [=] { return std::make_unique<Copy>(shape, bytes / 2, 0); }};
}

Case cacheCase(const std::string& name, std::size_t bytes, bool quick) {
  return {{name, "cache", "copy over and over, working set of " + std::to_string(bytes / KiB) + " KiB, past L1",
           Mode::Hot, "", "", quick},
          [=] { return std::make_unique<Copy>(ownCopy<256, 4, Hint::KeepInL2>, bytes / 2, cachedBytesPerLaunch / 2); }};
}

}  // namespace

std::vector<Case> copyCases(const Device& device) {
  const std::size_t bytes = deviceMemoryBytes(device);
  std::vector<Case> cases = {
      // One word per thread keeps the addresses under way closest together: 4,290 GB/s on an H200, where four words
      // took
      // 4,060, hints to the caches 4,170 to 4,270, resident blocks that loop 3,980, the bulk copy engine 3,930.
      memoryCase("copy", "a word of 16 bytes per thread", ownCopy<256, 1, Hint::None>, bytes, true),
      memoryCase("copy-driver", "by cudaMemcpyAsync, to compare with", driverCopy, bytes, true),
      cacheCase("copy-l2", l2ResidentBytes(device), true),
  };
  for (std::size_t size = 256 * KiB; size <= 4 * device.l2Bytes; size *= 2) {
    cases.push_back(cacheCase("copy-" + std::to_string(size / KiB) + "k", size, false));
  }
  return cases;
}

}  // namespace orion::gpu
