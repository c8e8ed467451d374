#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orion::boosting {

/** The thresholds of a column, laid out for counting those at or below a value. */
class Thresholds {
 public:
  static constexpr std::size_t most = 65535;

  /** @param ascending distinct and finite, up to `most` */
  explicit Thresholds(const std::vector<float>& ascending);

  /**
   * Sets ranks[row * rankStride] to the number of thresholds at or below values[row * valueStride], which is not NaN.
   * For processors with AVX-512 only.
   */
  void rank(const float* values, std::size_t valueStride, std::size_t rows, std::uint16_t* ranks,
            std::size_t rankStride) const;

 private:
  /** Ascending. */
  struct alignas(64) Chunk {
    float values[16];
  };

  /** The top level first. Each holds the last values of the chunks below; the lowest one holds the thresholds. */
  std::vector<std::vector<Chunk>> levels_;
};

}  // namespace orion::boosting
