#pragma once

#include <cstddef>
#include <cstdint>

#include "image/jpeg/frame.h"

namespace orion::image::jpeg {

/**
 * Turns a block of coefficients [8, 8] into side x side samples, for a side of 8, 4, 2 or 1. With fewer, each is the
 * mean of those that it stands for. Rounded as the accurate integer transform of the Independent JPEG Group's library
 * (jidctint.c, jidctred.c), so that samples are those of PIL, bit for bit.
 */
using InverseTransform = void (*)(const std::int16_t* block, const Quantisation& quantisation, std::uint8_t* samples,
                                  std::size_t stride);

InverseTransform inverseTransform(unsigned side);

/** The same of a block with its first coefficient alone: all samples are this one. */
std::uint8_t flatSample(std::int16_t coefficient, std::uint32_t quantisation);

}  // namespace orion::image::jpeg
