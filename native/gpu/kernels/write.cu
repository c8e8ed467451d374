#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/streaming.cuh"
#include "gpu/kernels/write.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr unsigned stores = 4;

template <Hint hint>
__global__ void __launch_bounds__(threads) writeChunk(uint4* __restrict__ target, unsigned chunks) {
  const std::size_t first = chunkOfBlock(chunks) * threads * stores + threadIdx.x;
#pragma unroll
  for (unsigned i = 0; i < stores; ++i) storeWord<hint>(target + first + i * threads, Pattern{}(first + i * threads));
}

template <Hint hint>
class Write : public Kernel {
 public:
  Write(std::size_t arrayBytes, std::size_t launchBytes)
      : chunks_(arrayBytes, threads * stores, launchBytes), target_(chunks_.words()) {
    poison(target_);
  }

  Work work() const override { return {chunks_.bytesPerLaunch(), 0, 0}; }

  void launch(const Stream& stream) override {
    writeChunk<hint><<<chunks_.blocks(), threads, 0, stream.get()>>>(target_.data(), chunks_.count);
    CUDA_CALL(cudaGetLastError());
  }

  Answer check(const Stream& stream) override { return {differences(target_, Pattern{}, stream), 0}; }

 private:
  Chunks chunks_;
  Buffer<uint4> target_;
};

}  // namespace

std::vector<Case> writeCases(const Device& device) {
  const std::size_t far = deviceMemoryBytes(device);
  const std::size_t near = l2ResidentBytes(device);
  return {
      {{"write", "memory", "write to device memory, " + std::to_string(far / MiB) + " MiB", Mode::Cold, "", "", true},
       [=] { return std::make_unique<Write<Hint::Streaming>>(far, 0); }},
      {{"write-l2", "cache", "write over and over of " + std::to_string(near / KiB) + " KiB", Mode::Hot, "", "", true},
       [=] { return std::make_unique<Write<Hint::KeepInL2>>(near, cachedBytesPerLaunch); }},
  };
}

}  // namespace orion::gpu
