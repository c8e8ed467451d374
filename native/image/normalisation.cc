#include "image/normalisation.h"

namespace orion::image {

void normalise(const std::uint8_t* samples, std::size_t planeSize, const LevelTables& levels, float* to) {
  for (const auto& table : levels) {
    for (std::size_t i = 0; i < planeSize; ++i) to[i] = table[samples[i]];
    samples += planeSize;
    to += planeSize;
  }
}

}  // namespace orion::image
