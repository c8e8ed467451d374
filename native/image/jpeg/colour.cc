#include "image/jpeg/colour.h"

#include "base/vector_clones.h"

namespace orion::image::jpeg {
namespace {

constexpr int factorBits = 16;
constexpr std::int32_t halfFactor = 1 << (factorBits - 1);

constexpr std::int32_t factorOf(double factor) { return static_cast<std::int32_t>(factor * (1 << factorBits) + 0.5); }

inline std::uint8_t toSample(std::int32_t value) {
  value = value < 0 ? 0 : value;
  return static_cast<std::uint8_t>(value > 255 ? 255 : value);
}

}  // namespace

ORION_VECTOR_CLONES
void toRgb(const std::uint8_t* luminance, const std::uint8_t* blueness, const std::uint8_t* redness, std::size_t count,
           std::uint8_t* __restrict__ red, std::uint8_t* __restrict__ green, std::uint8_t* __restrict__ blue) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t y = luminance[i];
    const std::int32_t cb = blueness[i] - 128;
    const std::int32_t cr = redness[i] - 128;
    red[i] = toSample(y + ((factorOf(1.402) * cr + halfFactor) >> factorBits));
    green[i] = toSample(y + ((halfFactor - factorOf(0.34414) * cb - factorOf(0.71414) * cr) >> factorBits));
    blue[i] = toSample(y + ((factorOf(1.772) * cb + halfFactor) >> factorBits));
  }
}

}  // namespace orion::image::jpeg
