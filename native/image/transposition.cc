#include "image/transposition.h"

#include <algorithm>

namespace orion::image {
namespace {

/** Small enough for its rows and columns to stay in the first cache. */
constexpr std::size_t tile = 16;

void transposeTile(const std::uint8_t* from, std::size_t columns, std::uint8_t* to, std::size_t rows) {
  for (std::size_t column = 0; column < tile; ++column) {
    for (std::size_t row = 0; row < tile; ++row) to[column * rows + row] = from[row * columns + column];
  }
}

}  // namespace

void transpose(const std::uint8_t* from, std::size_t rows, std::size_t columns, std::uint8_t* to) {
  for (std::size_t top = 0; top < rows; top += tile) {
    for (std::size_t left = 0; left < columns; left += tile) {
      if (top + tile <= rows && left + tile <= columns) {
        transposeTile(from + top * columns + left, columns, to + left * rows + top, rows);
        continue;
      }
      for (std::size_t row = top; row < std::min(top + tile, rows); ++row) {
        for (std::size_t column = left; column < std::min(left + tile, columns); ++column) {
          to[column * rows + row] = from[row * columns + column];
        }
      }
    }
  }
}

}  // namespace orion::image
