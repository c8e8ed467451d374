#include "host/copy_bandwidth.h"

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "base/error.h"

namespace orion::host {
namespace {

/** One thread's share. Filled by the thread itself, so that its pages lie near it. */
class Share {
 public:
  explicit Share(std::size_t words, std::uint64_t seed) : words_(words), seed_(seed) {}

  void copy() {
    if (!from_) fill();
    std::memcpy(to_.get(), from_.get(), words_ * sizeof(std::uint64_t));
    // The compiler must believe that somebody reads the copy.
    asm volatile("" : : "r"(to_.get()) : "memory");
  }

  bool isCorrect() const {
    for (std::size_t i = 0; i < words_; ++i) {
      if (to_[i] != wordAt(i)) return false;
    }
    return true;
  }

 private:
  std::uint64_t wordAt(std::size_t index) const { return (index + seed_) * 0x9e3779b97f4a7c15u; }

  void fill() {
    from_.reset(new std::uint64_t[words_]);
    to_.reset(new std::uint64_t[words_]);
    for (std::size_t i = 0; i < words_; ++i) {
      from_[i] = wordAt(i);
      to_[i] = 0;
    }
  }

  std::size_t words_;
  std::uint64_t seed_;
  std::unique_ptr<std::uint64_t[]> from_;
  std::unique_ptr<std::uint64_t[]> to_;
};

}  // namespace

Rate copyBandwidth(unsigned threads, std::size_t bytes, double durationMs) {
  const std::size_t words = bytes / sizeof(std::uint64_t) / threads;
  if (words == 0) throw Error(ErrorCode::BadInput, "copyBandwidth needs at least 8 bytes for each thread.");
  std::vector<Share> shares;
  for (unsigned i = 0; i < threads; ++i) shares.emplace_back(words, i);

  const double bytesMoved = 2.0 * static_cast<double>(words * sizeof(std::uint64_t)) * threads;
  const Rate rate = measureRate(threads, durationMs, bytesMoved, [&shares](unsigned thread) { shares[thread].copy(); });
  for (const Share& share : shares) {
    if (!share.isCorrect()) throw Error(ErrorCode::Io, "The copy differs from the original: suspect faulty memory.");
  }
  return rate;
}

}  // namespace orion::host
