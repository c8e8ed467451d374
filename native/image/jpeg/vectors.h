// GCC's and Clang's vector types: eight lanes, on any processor. Functions that use them are compiled for several.
#pragma once

#include <cstdint>

namespace orion::image::jpeg {

typedef std::int16_t Shorts __attribute__((vector_size(16)));
typedef std::int32_t Ints __attribute__((vector_size(32)));
// Sums and products of damaged files may overflow, which unsigned numbers may.
typedef std::uint16_t HalfWords __attribute__((vector_size(16)));
typedef std::uint32_t Words __attribute__((vector_size(32)));
typedef std::uint8_t Bytes __attribute__((vector_size(8)));

#if defined(__clang__) || __GNUC__ >= 12
#define ORION_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define ORION_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, Shorts{__VA_ARGS__})
#endif

#define ORION_INLINE inline __attribute__((always_inline))

/** rows[i][j] becomes rows[j][i]. */
ORION_INLINE void transpose(Shorts (&rows)[8]) {
  Shorts pairs[8];
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = ORION_SHUFFLE(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    pairs[i + 1] = ORION_SHUFFLE(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  Shorts fours[8];
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; ++j) {
      fours[i + j] = ORION_SHUFFLE(pairs[i + j], pairs[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      fours[i + j + 2] = ORION_SHUFFLE(pairs[i + j], pairs[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int j = 0; j < 4; ++j) {
    rows[j] = ORION_SHUFFLE(fours[j], fours[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[j + 4] = ORION_SHUFFLE(fours[j], fours[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

}  // namespace orion::image::jpeg
