#include "image/jpeg/plane.h"

#include <cstring>

namespace orion::image::jpeg {

void Plane::prepare(const Frame& frame, const Component& component, unsigned side) {
  side_ = side;
  component_ = &component;
  transform_ = inverseTransform(side);
  const auto scaled = [side](unsigned pixels, unsigned factor, unsigned largest) {
    const std::uint64_t whole = std::uint64_t{largest} * blockSide;
    return static_cast<unsigned>((std::uint64_t{pixels} * factor * side + whole - 1) / whole);
  };
  width_ = scaled(frame.width, component.across, frame.largestAcross);
  height_ = scaled(frame.height, component.down, frame.largestDown);
  stride_ = std::size_t{frame.mcusAcross} * component.across * side;
  const std::size_t bytes = stride_ * frame.mcusDown * component.down * side;
  if (samples_.size() < bytes) samples_.resize(bytes);
}

void Plane::put(unsigned across, unsigned down, const std::int16_t* block, bool isFlat) {
  std::uint8_t* samples = &samples_[(std::size_t{down} * stride_ + across) * side_];
  const Quantisation& quantisation = *component_->quantisation;
  if (!isFlat) {
    transform_(block, quantisation, samples, stride_);
    return;
  }
  const std::uint8_t sample = flatSample(block[0], quantisation[0]);
  for (unsigned row = 0; row < side_; ++row) std::memset(samples + row * stride_, sample, side_);
}

}  // namespace orion::image::jpeg
