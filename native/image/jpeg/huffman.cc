#include "image/jpeg/huffman.h"

#include <algorithm>

#include "image/jpeg/damage.h"

namespace orion::image::jpeg {

void HuffmanTable::define(Kind kind, const HuffmanDefinition& definition) {
  isDefined_ = true;
  if (isBuilt_ && kind == kind_ && definition == definition_) return;
  isBuilt_ = false;
  kind_ = kind;
  definition_ = definition;
  entries_.fill({});
  // T.81, annex C: codes of a length count up from twice the one after the last shorter code.
  std::uint32_t code = 0;
  std::int32_t place = 0;
  for (unsigned length = 1; length <= 16; ++length) {
    const unsigned count = definition.counts[length - 1];
    if (code + count > 1u << length || place + count > definition.symbols.size()) {
      throw damaged("a Huffman table has more codes than there can be");
    }
    offsets_[length] = place - static_cast<std::int32_t>(code);
    for (unsigned i = 0; i < count; ++i, ++code, ++place) {
      if (kind == Kind::Dc && definition.symbols[place] > 15) throw damaged("a Huffman table has impossible symbols");
      if (length > indexBits) continue;
      const unsigned spare = indexBits - length;
      std::fill_n(&entries_[code << spare], 1u << spare, entryOf(definition.symbols[place], length));
    }
    ends_[length] = code << (16 - length);
    code <<= 1;
  }
  isBuilt_ = true;
}

HuffmanEntry HuffmanTable::entryOf(unsigned symbol, unsigned codeBits) const {
  HuffmanEntry entry;
  entry.symbol = static_cast<std::uint8_t>(symbol);
  const unsigned low = symbol & 15;
  if (kind_ == Kind::Ac) {
    const bool endsBlock = low == 0 && symbol != 0xf0;  // 0xf0: sixteen zeros
    entry.run = static_cast<std::uint8_t>(endsBlock ? endOfBlockRun : symbol >> 4);
  }
  entry.magnitudeBits = static_cast<std::uint8_t>(low);
  entry.totalBits = static_cast<std::uint8_t>(codeBits + low);
  return entry;
}

HuffmanEntry HuffmanTable::findLong(std::uint32_t bits) const {
  for (unsigned length = indexBits + 1; length <= 16; ++length) {
    if (bits < ends_[length]) {
      const auto code = static_cast<std::int32_t>(bits >> (16 - length));
      return entryOf(definition_.symbols[static_cast<std::size_t>(code + offsets_[length])], length);
    }
  }
  throw damaged("its data holds a code that no Huffman table has");
}

}  // namespace orion::image::jpeg
