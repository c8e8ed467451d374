#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orion::image {

/** Red, green and blue planes of 8-bit samples, one after the other and row by row. */
struct Picture {
  unsigned width = 0;
  unsigned height = 0;
  /** The part of the samples that shows the picture: a last column or row may stand for a fraction of its size. */
  double coveredWidth = 0;
  double coveredHeight = 0;
  /** At least 3 x height x width. */
  std::vector<std::uint8_t> samples;

  std::size_t planeSize() const { return std::size_t{width} * height; }

  void resize(unsigned newWidth, unsigned newHeight) {
    width = newWidth;
    height = newHeight;
    coveredWidth = newWidth;
    coveredHeight = newHeight;
    if (samples.size() < 3 * planeSize()) samples.resize(3 * planeSize());
  }
};

}  // namespace orion::image
