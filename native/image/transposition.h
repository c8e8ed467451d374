#pragma once

#include <cstddef>
#include <cstdint>

namespace orion::image {

/** from[row * columns + column] becomes to[column * rows + row]. */
void transpose(const std::uint8_t* from, std::size_t rows, std::size_t columns, std::uint8_t* to);

}  // namespace orion::image
