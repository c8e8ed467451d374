#include <cstdint>
#include <vector>

#include "check.h"
#include "image/preparation.h"
#include "image/resampling.h"
#include "image/transposition.h"

using namespace orion::image;

CASE(transposition) {
  for (std::size_t rows : {1u, 5u, 16u, 37u}) {
    for (std::size_t columns : {1u, 16u, 50u}) {
      std::vector<std::uint8_t> from(rows * columns);
      for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::uint8_t>(i * 7);
      std::vector<std::uint8_t> to(from.size());
      transpose(from.data(), rows, columns, to.data());
      for (std::size_t i = 0; i < from.size(); ++i) CHECK_EQUAL(to[i % columns * rows + i / columns], from[i]);
    }
  }
}

CASE(resampling_by_hand) {
  // Two columns to four: at 1/4, 3/4, 5/4, 7/4 of the old ones, whose middles are at 1/2 and 3/2.
  Picture picture;
  picture.resize(2, 1);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    picture.samples[2 * plane] = 0;
    picture.samples[2 * plane + 1] = 200;
  }
  Resampling wider(4, 1);
  const Picture& result = wider.resize(picture);
  const int expected[] = {0, 50, 150, 200};
  for (std::size_t i = 0; i < 12; ++i) CHECK_EQUAL(int{result.samples[i]}, expected[i % 4]);

  // Four rows to one: a triangle from -2 to 6 around 2 gives the rows 2.5/12, 3.5/12, 3.5/12 and 2.5/12.
  Picture rows;
  rows.resize(1, 4);
  for (std::size_t i = 0; i < 12; ++i) rows.samples[i] = i % 4 == 0 ? 240 : 0;
  Resampling flatter(1, 1);
  CHECK_EQUAL(int{flatter.resize(rows).samples[0]}, 50);

  Resampling same(2, 1);
  CHECK(&same.resize(picture) == &picture);
}

CASE(preparation_normalises_planes_in_either_order) {
  LevelTables levels;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t value = 0; value < 256; ++value)
      levels[channel][value] = static_cast<float>(1000 * channel + value);
  }
  // 3 planes of 2 rows and 3 columns.
  std::vector<std::uint8_t> byRows(18);
  std::vector<std::uint8_t> byColumns(18);
  for (std::uint8_t i = 0; i < 18; ++i) {
    byRows[i] = i;
    byColumns[i / 6 * 6 + i % 3 * 2 + i % 6 / 3] = i;
  }
  Preparation preparation(3, 2, levels);
  for (const bool rows : {true, false}) {
    std::vector<float> result(18);
    preparation.preparePlanes((rows ? byRows : byColumns).data(), 3, 2, rows ? PlaneOrder::Rows : PlaneOrder::Columns,
                              result.data());
    for (std::size_t i = 0; i < 18; ++i) CHECK_EQUAL(result[i], static_cast<float>(1000 * (i / 6) + i));
  }
}
