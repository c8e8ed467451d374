#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace orion::gpu {

/** x, y, z */
using Dimensions = std::array<std::int64_t, 3>;

enum class Extent { Grid, Block };

/** Reads "X[,Y[,Z]]"; what is left out is 1. Throws BadInput for another text or beyond the limits of CUDA. */
Dimensions parseDimensions(const std::string& text, Extent extent);

/** Throws BadInput beyond the limits of CUDA. */
void requireWithinLimits(const Dimensions& dimensions, Extent extent);

/** Reads dynamic shared memory per block, bytes: "49152" or "48Ki". Throws BadInput. */
std::size_t parseSharedBytes(const std::string& text);

/** "128,1,1" */
std::string textOf(const Dimensions& dimensions);

}  // namespace orion::gpu
