#pragma once

#include <cstdint>

namespace orion::storage {

/**
 * A random-looking permutation of [0, count) that is computed, not stored: a balanced Feistel network (Luby and Rackoff
 * 1988) over the next power of four, walked until the value falls into range (cycle walking; Black and Rogaway 2002).
 */
class Permutation {
 public:
  Permutation(std::uint64_t count, std::uint64_t key);

  /** @param index in [0, count) */
  std::uint64_t operator()(std::uint64_t index) const;

 private:
  std::uint64_t scramble(std::uint64_t value) const;

  std::uint64_t count_;
  std::uint64_t key_;
  unsigned halfBits_ = 1;
};

}  // namespace orion::storage
