#pragma once

#include <array>
#include <cstdint>

#include "image/jpeg/bit_reader.h"

namespace orion::image::jpeg {

/** How a table is written in a file: the number of codes of each length from 1 to 16, and the symbols in code order. */
struct HuffmanDefinition {
  std::array<std::uint8_t, 16> counts{};
  std::array<std::uint8_t, 256> symbols{};

  bool operator==(const HuffmanDefinition& other) const { return counts == other.counts && symbols == other.symbols; }
};

/** A code that was looked up. */
struct HuffmanEntry {
  /** Bits of code and magnitude together; 0: the code is longer than the table's index, or there is none. */
  std::uint8_t totalBits = 0;
  std::uint8_t magnitudeBits = 0;
  /** Coefficients that the symbol moves on by, its own not counted. Beyond a block for the end of a block. */
  std::uint8_t run = 0;
  std::uint8_t symbol = 0;
};

/** Move on by so many at the end of a block: from anywhere in it to beyond the reach of any run of zeros. */
constexpr unsigned endOfBlockRun = 128;

/** Decodes symbols. In AC tables a symbol is a run of zeros (high half) and the bits of the next magnitude (low half).
 */
class HuffmanTable {
 public:
  enum class Kind { Dc, Ac };

  /** Returns at once where the table is this one already. Throws where it is no code. */
  void define(Kind kind, const HuffmanDefinition& definition);

  bool isDefined() const { return isDefined_; }
  void forget() { isDefined_ = false; }

  /** The entry of the code at the front of the bits, of which there must be 16. Throws where there is none. */
  HuffmanEntry find(const BitReader& reader) const {
    const HuffmanEntry entry = entries_[reader.peek(indexBits)];
    return entry.totalBits != 0 ? entry : findLong(reader.peek(16));
  }

 private:
  static constexpr unsigned indexBits = 10;

  HuffmanEntry entryOf(unsigned symbol, unsigned codeBits) const;
  /** By value: a reader whose address is taken would not stay in registers. */
  HuffmanEntry findLong(std::uint32_t bits) const;

  bool isDefined_ = false;
  bool isBuilt_ = false;
  Kind kind_ = Kind::Dc;
  HuffmanDefinition definition_;
  std::array<HuffmanEntry, 1u << indexBits> entries_;
  /** [length]: first code behind those of this length, moved to the front of 16 bits. */
  std::array<std::uint32_t, 17> ends_{};
  /** [length]: place of a code's symbol, less the code. */
  std::array<std::int32_t, 17> offsets_{};
};

}  // namespace orion::image::jpeg
