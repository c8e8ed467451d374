#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace orion::image {

/** [3, 256]: what each value of a sample becomes, for red, green and blue. */
using LevelTables = std::array<std::array<float, 256>, 3>;

/** Three planes of `planeSize` samples each through their tables. */
void normalise(const std::uint8_t* samples, std::size_t planeSize, const LevelTables& levels, float* to);

}  // namespace orion::image
