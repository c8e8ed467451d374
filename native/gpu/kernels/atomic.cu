#include "gpu/buffer.h"
#include "gpu/kernels/atomic.cuh"
#include "gpu/kernels/comparison.cuh"

namespace orion::gpu {
namespace {

constexpr unsigned threads = 256;
constexpr unsigned blocksPerMultiprocessor = 8;
constexpr unsigned addend = 3;  // 1 would be a case of its own for the compiler

enum class Place { Same, Spread, Shared };

struct Shape {
  Place place;
  unsigned repeats;  // per thread
};

__device__ void countLaunch(unsigned* launches) {
  if (blockIdx.x == 0 && threadIdx.x == 0) ++*launches;
}

/**
 * counters[thread & mask] grows by repeats * value per thread. The mask is 0 for one address; that the compiler does
 * not know it keeps it from adding up the warp's values first.
 */
__global__ void __launch_bounds__(threads)
    addInMemory(unsigned* counters, unsigned mask, unsigned value, unsigned repeats, unsigned* launches) {
  countLaunch(launches);
  unsigned* counter = counters + ((blockIdx.x * threads + threadIdx.x) & mask);
#pragma unroll 8
  for (unsigned i = 0; i < repeats; ++i) atomicAdd(counter, value);
}

/** counters[thread] grows by repeats * value. */
__global__ void __launch_bounds__(threads)
    addInSharedMemory(unsigned* counters, unsigned value, unsigned repeats, unsigned* launches) {
  countLaunch(launches);
  __shared__ unsigned sums[threads];
  sums[threadIdx.x] = 0;
  __syncthreads();
#pragma unroll 8
  for (unsigned i = 0; i < repeats; ++i) atomicAdd(sums + threadIdx.x, value);
  __syncthreads();
  counters[blockIdx.x * threads + threadIdx.x] += sums[threadIdx.x];
}

class Atomic : public Kernel {
 public:
  Atomic(Shape shape, int multiprocessors)
      : shape_(shape),
        blocks_(static_cast<unsigned>(multiprocessors) * blocksPerMultiprocessor),
        counters_(shape.place == Place::Same ? 1 : static_cast<std::size_t>(blocks_) * threads),
        launches_(1) {
    poison(counters_, 0);
    poison(launches_, 0);
  }

  Work work() const override { return {0, 0, additionsPerCounter() * static_cast<double>(counters_.size())}; }

  void launch(const Stream& stream) override {
    if (shape_.place == Place::Shared) {
      addInSharedMemory<<<blocks_, threads, 0, stream.get()>>>(counters_.data(), addend, shape_.repeats,
                                                               launches_.data());
    } else {
      const unsigned mask = shape_.place == Place::Same ? 0 : ~0u;
      addInMemory<<<blocks_, threads, 0, stream.get()>>>(counters_.data(), mask, addend, shape_.repeats,
                                                         launches_.data());
    }
    CUDA_CALL(cudaGetLastError());
  }

  /** The counters go on from launch to launch, modulo 2^32. */
  Answer check(const Stream& stream) override {
    const unsigned launches = launches_.read(stream)[0];
    const unsigned expected = static_cast<unsigned>(additionsPerCounter()) * addend * launches;
    double wrong = launches > 0 ? 0 : 1;
    for (const unsigned counter : counters_.read(stream)) wrong += counter == expected ? 0 : 1;
    return {wrong, 0};
  }

 private:
  double additionsPerCounter() const {
    const double threadsEach = shape_.place == Place::Same ? static_cast<double>(blocks_) * threads : 1;
    return threadsEach * shape_.repeats;
  }

  Shape shape_;
  unsigned blocks_;
  Buffer<unsigned> counters_;
  Buffer<unsigned> launches_;  // counted by the device
};

}  // namespace

std::vector<Case> atomicCases(const Device& device) {
  const auto atomicCase = [&](const std::string& name, const std::string& where, Shape shape) {
    return Case{
        {name, "atomic", "atomicAdd of 32-bit integers, " + where, Mode::Hot, "", "atomic addition", true},
        [shape, multiprocessors = device.multiprocessors] { return std::make_unique<Atomic>(shape, multiprocessors); }};
  };
  return {
      atomicCase("atomic-same", "all threads on one address", {Place::Same, 8}),
      atomicCase("atomic-spread", "an address per thread, coalesced", {Place::Spread, 256}),
      atomicCase("atomic-shared", "an address of shared memory per thread", {Place::Shared, 4096}),
  };
}

}  // namespace orion::gpu
