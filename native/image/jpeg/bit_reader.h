#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace orion::image::jpeg {

/**
 * Bits of entropy-coded data without byte stuffing, most significant first. It may read `padding` bytes beyond its end
 * before `hasOverrun` must be asked.
 */
class BitReader {
 public:
  /** Readable bytes behind the end: a unit has at most 10 blocks, and each of these 64 symbols of at most 32 bits. */
  static constexpr std::size_t padding = 10 * 64 * 4 + 16;

  BitReader() = default;
  BitReader(const std::uint8_t* bytes, std::size_t count) : next_(bytes), end_(bytes + count) {}

  /** Makes at least 56 bits available. */
  void refill() {
    bits_ |= bigEndian(next_) >> count_;
    next_ += (63 - count_) >> 3;
    count_ |= 56;
  }

  /** The first 1 to 32 bits. */
  std::uint32_t peek(unsigned count) const { return static_cast<std::uint32_t>(bits_ >> (64 - count)); }

  void consume(unsigned count) {
    bits_ <<= count;
    count_ -= count;
  }

  /** 1 to 32 bits, of those available. */
  std::uint32_t take(unsigned count) {
    const std::uint32_t bits = peek(count);
    consume(count);
    return bits;
  }

  /**
   * T.81, F.2.2.1: the number of `magnitudeBits` bits that ends `totalBits` bits from the front; in the lower half of a
   * magnitude's values are the negative ones.
   */
  std::int32_t number(unsigned totalBits, unsigned magnitudeBits) const {
    const std::uint64_t front = bits_ << (totalBits - magnitudeBits);
    const auto magnitude = static_cast<std::int32_t>((front >> 1) >> (63 - magnitudeBits));
    const auto negative = static_cast<std::int32_t>(front >> 63) - 1;  // all bits, or none
    return magnitude + (negative & (1 - static_cast<std::int32_t>(1u << magnitudeBits)));
  }

  /** Bits behind those that were consumed; negative where more were. */
  std::ptrdiff_t left() const { return (end_ - next_) * 8 + static_cast<std::ptrdiff_t>(count_); }

  bool hasOverrun() const { return next_ > end_ && left() < 0; }

 private:
  static std::uint64_t bigEndian(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
  }

  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  /** The next bits at the top; those below `count_` are the stream's too, or 0. */
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;
};

}  // namespace orion::image::jpeg
