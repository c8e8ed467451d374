#include "image/jpeg/upsampling.h"

#include <algorithm>

#include "base/vector_clones.h"

namespace orion::image::jpeg {
namespace {

/** Interpolation needs a neighbour on both sides of a column. */
constexpr unsigned leastWidth = 3;

/** Weights of 3/4 and 1/4; the library rounds one of two up and the other down. */
ORION_VECTOR_CLONES
void doubleAcross(const std::uint8_t* in, unsigned width, std::uint8_t* out) {
  out[0] = in[0];
  for (unsigned i = 1; i < width; ++i) out[2 * i] = static_cast<std::uint8_t>((3 * in[i] + in[i - 1] + 1) >> 2);
  for (unsigned i = 0; i + 1 < width; ++i) out[2 * i + 1] = static_cast<std::uint8_t>((3 * in[i] + in[i + 1] + 2) >> 2);
  out[2 * width - 1] = in[width - 1];
}

ORION_VECTOR_CLONES
void doubleDown(const std::uint8_t* near, const std::uint8_t* far, unsigned width, unsigned bias, std::uint8_t* out) {
  for (unsigned i = 0; i < width; ++i) out[i] = static_cast<std::uint8_t>((3 * near[i] + far[i] + bias) >> 2);
}

ORION_VECTOR_CLONES
void doubleBoth(const std::uint8_t* near, const std::uint8_t* far, unsigned width, std::uint16_t* sums,
                std::uint8_t* out) {
  for (unsigned i = 0; i < width; ++i) sums[i] = static_cast<std::uint16_t>(3 * near[i] + far[i]);
  out[0] = static_cast<std::uint8_t>((4 * sums[0] + 8) >> 4);
  for (unsigned i = 1; i < width; ++i) out[2 * i] = static_cast<std::uint8_t>((3 * sums[i] + sums[i - 1] + 8) >> 4);
  for (unsigned i = 0; i + 1 < width; ++i) {
    out[2 * i + 1] = static_cast<std::uint8_t>((3 * sums[i] + sums[i + 1] + 7) >> 4);
  }
  out[2 * width - 1] = static_cast<std::uint8_t>((4 * sums[width - 1] + 7) >> 4);
}

}  // namespace

Upsampling::Upsampling(const Plane& plane, unsigned across, unsigned down, bool interpolate)
    : plane_(plane),
      across_(across),
      down_(down),
      interpolatesAcross_(interpolate && across == 2 && down <= 2 && plane.width() >= leastWidth),
      interpolatesDown_(interpolate && down == 2 && (across == 1 || interpolatesAcross_)) {
  if (interpolatesAcross_ && interpolatesDown_) sums_.resize(plane.width());
  if (across > 1 || interpolatesDown_) row_.resize(std::size_t{plane.width()} * across);
}

const std::uint8_t* Upsampling::row(unsigned index) {
  if (interpolatesAcross_ && interpolatesDown_) {
    doubleBoth(plane_.row(index / 2), neighbour(index), plane_.width(), sums_.data(), row_.data());
  } else if (interpolatesAcross_) {
    doubleAcross(plane_.row(index), plane_.width(), row_.data());
  } else if (interpolatesDown_) {
    const unsigned bias = index % 2 == 0 ? 1 : 2;
    doubleDown(plane_.row(index / 2), neighbour(index), plane_.width(), bias, row_.data());
  } else {
    return nearest(index);
  }
  return row_.data();
}

const std::uint8_t* Upsampling::nearest(unsigned index) {
  const std::uint8_t* in = plane_.row(index / down_);
  if (across_ == 1) return in;
  for (unsigned i = 0; i < plane_.width(); ++i) std::fill_n(&row_[std::size_t{i} * across_], across_, in[i]);
  return row_.data();
}

const std::uint8_t* Upsampling::neighbour(unsigned index) const {
  const unsigned near = index / 2;
  const unsigned far = index % 2 == 0 ? std::max(near, 1u) - 1 : std::min(near + 1, plane_.height() - 1);
  return plane_.row(far);
}

}  // namespace orion::image::jpeg
