#pragma once

#include <cstddef>
#include <cstdint>

#include "image/jpeg/damage.h"

namespace orion::image::jpeg {

/** Reads big-endian numbers one after the other; throws at the end of the bytes. */
class ByteReader {
 public:
  ByteReader(const std::uint8_t* bytes, std::size_t count) : next_(bytes), end_(bytes + count) {}

  std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }
  const std::uint8_t* position() const { return next_; }

  unsigned byte() {
    require(1);
    return *next_++;
  }

  unsigned word() {
    require(2);
    next_ += 2;
    return static_cast<unsigned>(next_[-2]) << 8 | next_[-1];
  }

  const std::uint8_t* skip(std::size_t count) {
    require(count);
    next_ += count;
    return next_ - count;
  }

  /** The bytes of a marker segment, whose length stands before it and counts itself. */
  ByteReader segment() {
    const unsigned length = word();
    if (length < 2) throw damaged("a segment has a length of " + std::to_string(length));
    return {skip(length - 2), length - 2};
  }

 private:
  void require(std::size_t count) const {
    if (left() < count) throw damaged("it ends within its headers");
  }

  const std::uint8_t* next_;
  const std::uint8_t* end_;
};

}  // namespace orion::image::jpeg
