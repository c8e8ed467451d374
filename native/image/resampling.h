#pragma once

#include <cstdint>
#include <vector>

#include "image/picture.h"

namespace orion::image {

/**
 * Resizes pictures to one size with a triangle filter that is widened where it reduces (bilinear with antialiasing):
 * across, then down, rounded to 8 bits after each, as PIL's `Image.resize(size, BILINEAR)` does it, bit for bit. Serves
 * one thread, and keeps weights and memory from one picture to the next.
 */
class Resampling {
 public:
  Resampling(unsigned width, unsigned height) : width_(width), height_(height) {}

  /** The picture's covered part at the new size: `from` itself where that is its size already. */
  const Picture& resize(const Picture& from);

 private:
  /** For each position of the new size, the samples that it is a mean of. */
  struct Weights {
    unsigned size = 0;
    double covered = 0;
    unsigned newSize = 0;
    /** Of each new sample: the first old one, and how many. */
    std::vector<unsigned> firsts;
    std::vector<unsigned> counts;
    unsigned stride = 0;
    /** [newSize, stride], in units of 2^-22. */
    std::vector<std::int32_t> weights;

    void prepare(unsigned wantedSize, double wantedCovered, unsigned wantedNewSize);
  };

  static void weightRows(const std::uint8_t* from, std::size_t width, const Weights& weights, std::uint8_t* to);

  unsigned width_;
  unsigned height_;
  Weights across_;
  Weights down_;
  std::vector<std::uint8_t> turned_;
  std::vector<std::uint8_t> turnedNarrow_;
  Picture narrow_;
  Picture result_;
};

}  // namespace orion::image
