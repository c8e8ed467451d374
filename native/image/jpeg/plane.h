#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/jpeg/inverse_transform.h"

namespace orion::image::jpeg {

/** The samples of one component at a reduced scale. Keeps its memory from one file to the next. */
class Plane {
 public:
  /** @param side samples that a block of 8 x 8 becomes in each direction: 8, 4, 2 or 1 */
  void prepare(const Frame& frame, const Component& component, unsigned side);

  /** Block (across, down) from its coefficients. `isFlat`: all but the first are 0. */
  void put(unsigned across, unsigned down, const std::int16_t* block, bool isFlat);

  /** Samples that belong to the picture; behind them are those that fill up blocks. */
  unsigned width() const { return width_; }
  unsigned height() const { return height_; }
  const std::uint8_t* row(unsigned index) const { return &samples_[index * stride_]; }

 private:
  unsigned side_ = blockSide;
  unsigned width_ = 0;
  unsigned height_ = 0;
  std::size_t stride_ = 0;
  const Component* component_ = nullptr;
  InverseTransform transform_ = nullptr;
  std::vector<std::uint8_t> samples_;
};

}  // namespace orion::image::jpeg
