// What a JPEG's headers say of the picture. Names and numbers of tables are those of ITU-T T.81.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace orion::image::jpeg {

constexpr unsigned blockSide = 8;
constexpr unsigned blockSize = blockSide * blockSide;

/** [64], row by row; as wide as the arithmetic that it is used in. */
using Quantisation = std::array<std::uint32_t, blockSize>;

/** One of the planes that a picture is stored as. */
struct Component {
  unsigned id = 0;
  /** Sampling factors: this plane's samples for those of the largest. */
  unsigned across = 1;
  unsigned down = 1;
  unsigned quantisationTable = 0;
  /** The table's content when the first scan of this component began. */
  std::optional<Quantisation> quantisation;
  /** Blocks that hold picture. */
  unsigned blocksAcross = 0;
  unsigned blocksDown = 0;
};

struct Frame {
  bool progressive = false;
  unsigned width = 0;
  unsigned height = 0;
  unsigned largestAcross = 1;
  unsigned largestDown = 1;
  /** Minimum coded units: the blocks of all components that belong together. */
  unsigned mcusAcross = 0;
  unsigned mcusDown = 0;
  std::vector<Component> components;
};

struct ScanComponent {
  std::size_t component = 0;
  unsigned dcTable = 0;
  unsigned acTable = 0;
};

struct Scan {
  std::vector<ScanComponent> components;
  /** Coefficients in zigzag order that it brings, and of these the bits (progressive only). */
  unsigned firstCoefficient = 0;
  unsigned lastCoefficient = blockSize - 1;
  unsigned highBit = 0;
  unsigned lowBit = 0;
};

}  // namespace orion::image::jpeg
