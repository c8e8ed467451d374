#include "image/jpeg/sequential.h"

#include <array>
#include <cstring>

#include "image/jpeg/scan_walk.h"
#include "image/jpeg/vectors.h"
#include "image/jpeg/zigzag.h"

namespace orion::image::jpeg {
namespace {

/** Where coefficients go that a damaged file, or the end of a block, places beyond it. */
constexpr unsigned beyond = blockSize;

/** The zigzag order, and all places that a run can lead to from within a block. */
constexpr auto places = [] {
  std::array<std::uint8_t, blockSize + endOfBlockRun + 1> table{};
  for (unsigned i = 0; i < table.size(); ++i) table[i] = i < blockSize ? zigzag[i] : static_cast<std::uint8_t>(beyond);
  return table;
}();

struct Block {
  alignas(32) std::int16_t coefficients[blockSize + 1];

  void clear() {
    const Shorts zeros{};
    for (unsigned row = 0; row < blockSide; ++row) std::memcpy(coefficients + row * blockSide, &zeros, sizeof zeros);
  }
};

/** A component's state within a scan. */
struct Part {
  const HuffmanTable* dcTable;
  const HuffmanTable* acTable;
  Plane* plane;
  std::uint32_t dc = 0;
};

/** T.81, F.2.2. Returns whether the block is its first coefficient alone. `block` comes and is left without others. */
bool decodeBlock(BitReader& shared, Part& part, Block& block) {
  BitReader reader = shared;
  reader.refill();
  const HuffmanEntry first = part.dcTable->find(reader);
  part.dc += static_cast<std::uint32_t>(reader.number(first.totalBits, first.magnitudeBits));
  reader.consume(first.totalBits);
  block.coefficients[0] = static_cast<std::int16_t>(part.dc);

  const HuffmanTable& table = *part.acTable;
  unsigned index = 1;
  HuffmanEntry entry;
  const auto next = [&] {
    entry = table.find(reader);
    index += entry.run;
    block.coefficients[places[index]] = static_cast<std::int16_t>(reader.number(entry.totalBits, entry.magnitudeBits));
    reader.consume(entry.totalBits);
    ++index;
  };
  if (first.totalBits > 25) reader.refill();
  for (;;) {
    next();
    if (index >= blockSize) break;
    reader.refill();
    next();
    if (index >= blockSize) break;
    if (entry.totalBits > 25) reader.refill();
  }
  shared = reader;
  if (index > blockSize && index <= endOfBlockRun) throw damaged("a block has more than 64 coefficients");
  return index == 1 + endOfBlockRun + 1;
}

}  // namespace

void decodeSequentialScan(const Headers& headers, const Scan& scan, const EntropyData& data,
                          std::vector<Plane>& planes) {
  std::vector<Part> parts;
  for (const ScanComponent& part : scan.components) {
    parts.push_back({&headers.dcTable(part.dcTable), &headers.acTable(part.acTable), &planes[part.component]});
  }
  Block block{};
  const auto begin = [&parts] {
    for (Part& part : parts) part.dc = 0;
  };
  const auto decode = [&](BitReader& reader, unsigned index, unsigned across, unsigned down) {
    Part& part = parts[index];
    const bool isFlat = decodeBlock(reader, part, block);
    part.plane->put(across, down, block.coefficients, isFlat);
    if (!isFlat) block.clear();
  };
  walkScan(*headers.frame(), scan, data, headers.restartInterval(), begin, decode);
}

}  // namespace orion::image::jpeg
