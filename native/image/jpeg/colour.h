#pragma once

#include <cstddef>
#include <cstdint>

namespace orion::image::jpeg {

/** A row of luminance and chrominances to red, green and blue: JFIF's equations, rounded as libjpeg does (jdcolor.c).
 */
void toRgb(const std::uint8_t* luminance, const std::uint8_t* blueness, const std::uint8_t* redness, std::size_t count,
           std::uint8_t* red, std::uint8_t* green, std::uint8_t* blue);

}  // namespace orion::image::jpeg
