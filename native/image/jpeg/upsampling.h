#pragma once

#include <cstdint>
#include <vector>

#include "image/jpeg/plane.h"

namespace orion::image::jpeg {

/**
 * Rows of a component at the picture's size, interpolated where the component has half as many samples, repeated where
 * it has fewer yet: as the Independent JPEG Group's library does by default (jdsample.c, "fancy").
 */
class Upsampling {
 public:
  /** @param across, down the picture's samples for each of the component */
  Upsampling(const Plane& plane, unsigned across, unsigned down, bool interpolate);

  /** Row `index` of the picture; valid until the next one is asked for. */
  const std::uint8_t* row(unsigned index);

 private:
  const std::uint8_t* nearest(unsigned index);
  /** The row above or below a component's row that is nearer to row `index` of the picture; itself at an edge. */
  const std::uint8_t* neighbour(unsigned index) const;

  const Plane& plane_;
  unsigned across_;
  unsigned down_;
  bool interpolatesAcross_;
  bool interpolatesDown_;
  std::vector<std::uint16_t> sums_;
  std::vector<std::uint8_t> row_;
};

}  // namespace orion::image::jpeg
