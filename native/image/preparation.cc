#include "image/preparation.h"

#include <algorithm>

#include "image/transposition.h"

namespace orion::image {

bool Preparation::prepareJpeg(const std::uint8_t* bytes, std::size_t count, float* to) {
  if (!decoder_.decode(bytes, count, width_, height_, picture_)) return false;
  finish(picture_, to);
  return true;
}

void Preparation::preparePlanes(const std::uint8_t* bytes, unsigned width, unsigned height, PlaneOrder order,
                                float* to) {
  if (order == PlaneOrder::Rows && width == width_ && height == height_) {
    normalise(bytes, std::size_t{width} * height, levels_, to);
    return;
  }
  picture_.resize(width, height);
  const std::size_t plane = picture_.planeSize();
  if (order == PlaneOrder::Rows) {
    std::copy_n(bytes, 3 * plane, picture_.samples.data());
  } else {
    for (std::size_t i = 0; i < 3; ++i) transpose(bytes + i * plane, width, height, &picture_.samples[i * plane]);
  }
  finish(picture_, to);
}

void Preparation::finish(const Picture& picture, float* to) {
  const Picture& resized = resampling_.resize(picture);
  normalise(resized.samples.data(), resized.planeSize(), levels_, to);
}

}  // namespace orion::image
