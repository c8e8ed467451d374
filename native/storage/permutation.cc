#include "storage/permutation.h"

namespace orion::storage {
namespace {

constexpr std::uint64_t rounds = 4;

/** SplitMix64's finalizer (Steele, Lea and Flood 2014). */
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

}  // namespace

Permutation::Permutation(std::uint64_t count, std::uint64_t key) : count_(count), key_(mix(key + 1)) {
  while (2 * halfBits_ < 64 && (std::uint64_t{1} << (2 * halfBits_)) < count_) ++halfBits_;
}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
  do {
    index = scramble(index);
  } while (index >= count_);
  return index;
}

std::uint64_t Permutation::scramble(std::uint64_t value) const {
  const std::uint64_t mask = (std::uint64_t{1} << halfBits_) - 1;
  std::uint64_t left = value >> halfBits_;
  std::uint64_t right = value & mask;
  for (std::uint64_t round = 1; round <= rounds; ++round) {
    const std::uint64_t next = left ^ (mix(right ^ mix(key_ + round)) & mask);
    left = right;
    right = next;
  }
  return (left << halfBits_) | right;
}

}  // namespace orion::storage
