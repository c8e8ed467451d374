// What the streaming kernels (copy, read, write, triad) share: the data, the ways to load and store, the sizes.
// A launch covers its arrays in chunks, one block each. Arrays that fit a cache are covered many times per launch, by
// the same blocks over and over, so that the time of a launch does not drown the work.
#pragma once

#include <algorithm>
#include <cstddef>

#include "gpu/device.h"

namespace orion::gpu {

/** Which caches an access leaves traces in. */
enum class Hint {
  None,        // as the compiler likes: L1 and L2
  Streaming,   // first to be evicted from L1 and L2
  NoAllocate,  // loads take no line of L1; stores as Streaming
  KeepInL2,    // loads take no line of L1; stores as None
};

template <Hint hint, typename Word>
__device__ Word loadWord(const Word* address) {
  static_assert(sizeof(Word) == 16, "the widest access of a thread");
  if constexpr (hint == Hint::None) {
    return *address;
  } else if constexpr (hint == Hint::Streaming) {
    return __ldcs(address);
  } else {
    Word word;
    auto& bits = reinterpret_cast<uint4&>(word);
    asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
                 : "=r"(bits.x), "=r"(bits.y), "=r"(bits.z), "=r"(bits.w)
                 : "l"(address));
    return word;
  }
}

template <Hint hint, typename Word>
__device__ void storeWord(Word* address, const Word& word) {
  static_assert(sizeof(Word) == 16, "the widest access of a thread");
  if constexpr (hint == Hint::None || hint == Hint::KeepInL2) {
    *address = word;
  } else {
    __stcs(address, word);
  }
}

/** The value of word `i` of the data: no two alike, none zero, sums over a range in closed form. */
struct Pattern {
  static constexpr unsigned first = 2654435761u;
  static constexpr unsigned second = 2246822519u;
  static constexpr unsigned shift = 374761393u;

  __host__ __device__ uint4 operator()(std::size_t i) const {
    const auto low = static_cast<unsigned>(i);
    const auto high = static_cast<unsigned>(i >> 32);
    return {low, high + 1, low * first, low * second + shift};
  }

  /** Of all 32-bit parts of words [start, start + count), modulo 2^32; the words have the same upper half. */
  __host__ __device__ static unsigned sum(std::size_t start, std::size_t count) {
    const auto n = static_cast<unsigned>(count);
    const auto indices = static_cast<unsigned>(count * start + count * (count - 1) / 2);
    return indices * (1 + first + second) + n * (static_cast<unsigned>(start >> 32) + 1 + shift);
  }
};

constexpr std::size_t KiB = 1024;
constexpr std::size_t MiB = 1024 * KiB;

/**
 * All arrays of a case that is about device memory: far more than any L2 cache, and so much that the few microseconds
 * in which a launch starts and ends weigh little; an eighth of the free memory where that is more, up to 16 GiB.
 */
inline std::size_t deviceMemoryBytes(const Device& device) {
  const std::size_t wanted = std::max({8 * device.l2Bytes, 512 * MiB, std::min(device.freeBytes / 8, 16384 * MiB)});
  return std::min(wanted, device.freeBytes / 2);
}

/** Of a case that stays in L2: a quarter, since the two halves of some L2 caches keep copies of one another's lines. */
inline std::size_t l2ResidentBytes(const Device& device) { return std::max(device.l2Bytes / 4, 256 * KiB); }

/** What a launch over cached arrays moves at least, so that it takes some 0.1 ms. */
constexpr std::size_t cachedBytesPerLaunch = 512 * MiB;

/** Arrays cut into chunks, a block each, and how often a launch covers them. */
struct Chunks {
  std::size_t wordsEach = 0;
  unsigned count = 0;
  unsigned passes = 1;

  /**
   * @param arrayBytes of one array, rounded down to whole chunks, one at least
   * @param launchBytes to cover per launch at least, of this array
   */
  Chunks(std::size_t arrayBytes, std::size_t wordsPerChunk, std::size_t launchBytes = 0)
      : wordsEach(wordsPerChunk),
        count(static_cast<unsigned>(std::max<std::size_t>(arrayBytes / (16 * wordsPerChunk), 1))),
        passes(static_cast<unsigned>(std::max<std::size_t>(launchBytes / bytes(), 1))) {}

  std::size_t words() const { return wordsEach * count; }
  std::size_t bytes() const { return 16 * words(); }
  unsigned blocks() const { return count * passes; }
  double bytesPerLaunch() const { return static_cast<double>(bytes()) * passes; }
};

/** The chunk of this block: each pass in another order, so that no multiprocessor finds its last chunk in L1. */
__device__ inline std::size_t chunkOfBlock(unsigned count) {
  constexpr unsigned shift = 7919;
  const unsigned pass = blockIdx.x / count;
  return (blockIdx.x + static_cast<std::size_t>(pass) * shift) % count;
}

}  // namespace orion::gpu
