#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/jpeg/bit_reader.h"
#include "image/jpeg/byte_reader.h"

namespace orion::image::jpeg {

/** The entropy-coded data of one scan: without byte stuffing, in the intervals between its restart markers. */
class EntropyData {
 public:
  /** Takes the data at the reader's position, up to the next marker that is no restart. Throws where restarts are lost.
   */
  void read(ByteReader& in);

  std::size_t intervals() const { return starts_.size() - 1; }
  BitReader interval(std::size_t index) const { return {&bytes_[starts_[index]], starts_[index + 1] - starts_[index]}; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<std::size_t> starts_;
};

}  // namespace orion::image::jpeg
