#include <cstdint>
#include <numeric>
#include <utility>

#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/latency.cuh"
#include "gpu/kernels/streaming.cuh"

namespace orion::gpu {
namespace {

constexpr std::size_t lineBytes = 128;

struct alignas(lineBytes) Line {
  const Line* next;
  std::uint64_t rest[lineBytes / 8 - 1];
};

enum class Level { L1, L2 };

/** A walk over many launches. */
struct Walk {
  const Line* position;  // where the next launch goes on
  unsigned long long launches;
};

/** Goes `steps` loads on. */
template <Level level>
__global__ void followPointers(Walk* walk, unsigned steps) {
  auto position = reinterpret_cast<std::uint64_t>(walk->position);
#pragma unroll 16
  for (unsigned step = 0; step < steps; ++step) {
    if constexpr (level == Level::L1) {
      asm volatile("ld.global.u64 %0, [%0];" : "+l"(position));
    } else {
      asm volatile("ld.global.cg.u64 %0, [%0];" : "+l"(position));
    }
  }
  walk->position = reinterpret_cast<const Line*>(position);
  ++walk->launches;
}

/** Every byte of the lines is written, so that no line is known to be zero. */
__global__ void linkLines(Line* lines, const unsigned* next, std::size_t count) {
  const std::size_t threads = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += threads) {
    lines[i].next = lines + next[i];
    for (std::uint64_t& word : lines[i].rest) word = ~i;
  }
}

/** The numbers 0 to count - 1 in random order, the same in every run. */
std::vector<unsigned> shuffled(std::size_t count) {
  std::vector<unsigned> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::uint64_t state = 0x9E3779B97F4A7C15u;
  for (std::size_t i = count - 1; i > 0; --i) {  // Fisher and Yates, by Marsaglia's xorshift
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    std::swap(order[i], order[state % (i + 1)]);
  }
  return order;
}

template <Level level>
class PointerChase : public Kernel {
 public:
  PointerChase(std::size_t bytes, unsigned steps)
      : steps_(steps), order_(shuffled(bytes / sizeof(Line))), lines_(order_.size()), walk_(1) {
    std::vector<unsigned> next(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) next[order_[i]] = order_[(i + 1) % order_.size()];
    const Buffer<unsigned> nextOnDevice(next.size());
    CUDA_CALL(cudaMemcpy(nextOnDevice.data(), next.data(), nextOnDevice.bytes(), cudaMemcpyHostToDevice));
    linkLines<<<elementBlocks(lines_.size()), elementThreads>>>(lines_.data(), nextOnDevice.data(), lines_.size());
    CUDA_CALL(cudaGetLastError());
    const Walk start = {lines_.data() + order_[0], 0};
    CUDA_CALL(cudaMemcpy(walk_.data(), &start, sizeof start, cudaMemcpyHostToDevice));
  }

  Work work() const override { return {0, 0, static_cast<double>(steps_)}; }

  void launch(const Stream& stream) override {
    followPointers<level><<<1, 1, 0, stream.get()>>>(walk_.data(), steps_);
    CUDA_CALL(cudaGetLastError());
  }

  /** Where the walk must be after all its launches, whoever queued them (a graph is replayed without the host). */
  Answer check(const Stream& stream) override {
    const Walk walk = walk_.read(stream)[0];
    const Line* expected = lines_.data() + order_[walk.launches * steps_ % order_.size()];
    return {walk.launches > 0 && walk.position == expected ? 0.0 : 1.0, 0};
  }

 private:
  unsigned steps_;
  std::vector<unsigned> order_;  // of the walk: numbers of lines
  Buffer<Line> lines_;
  Buffer<Walk> walk_;
};

std::size_t powerOfTwoUpTo(std::size_t bytes) {
  std::size_t power = lineBytes;
  while (2 * power <= bytes) power *= 2;
  return power;
}

/** @param pages in words, where they matter */
template <Level level>
Case chase(const std::string& name, const std::string& where, std::size_t bytes, unsigned steps, Mode mode,
           const std::string& pages) {
  return {{name, "latency",
           "one thread, dependent loads from " + where + ", random cycle over " + std::to_string(bytes / KiB) +
               " KiB, a line of 128 bytes each" + pages,
           mode, "", "dependent load", true},
          [=] { return std::make_unique<PointerChase<level>>(bytes, steps); }};
}

}  // namespace

std::vector<Case> latencyCases(const Device& device) {
  // The lines of L1 are fetched anew by each launch: 32 of 65,536 loads.
  const std::size_t cached = powerOfTwoUpTo(std::max(std::min(2 * MiB, device.l2Bytes / 8), 64 * KiB));
  const std::size_t wanted = 2 * powerOfTwoUpTo(std::max(4 * device.l2Bytes, 64 * MiB) - 1);
  const std::size_t far = std::min(wanted, powerOfTwoUpTo(std::max(device.freeBytes / 2, 64 * KiB)));
  return {
      chase<Level::L1>("latency-l1", "L1", 4 * KiB, 1u << 16, Mode::Hot, ""),
      chase<Level::L2>("latency-l2", "L2", cached, 1u << 14, Mode::Hot, ""),
      chase<Level::L2>("latency-dram", "device memory", far, 1u << 14, Mode::Cold,
                       ", address translation over all its pages included"),
  };
}

}  // namespace orion::gpu
