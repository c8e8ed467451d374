#include "image/jpeg/progressive.h"

#include <algorithm>

#include "image/jpeg/scan_walk.h"
#include "image/jpeg/zigzag.h"

namespace orion::image::jpeg {
namespace {

/** Runs of this symbol are sixteen zeros, not blocks that have ended. */
constexpr unsigned longestRun = 15;

/** What is left of the blocks that ended together (T.81, G.1.2.2), 0 where the next block has coefficients. */
using EndedBlocks = std::uint32_t;

/** Bits that say how many blocks end here, beside the power of two that the symbol says. */
EndedBlocks endedBlocks(BitReader& reader, unsigned power) {
  return (1u << power) + (power == 0 ? 0 : reader.take(power));
}

/** First bits of a block's coefficients: T.81, figure G.3. */
void decodeFirst(BitReader& reader, const Scan& scan, const HuffmanTable& table, EndedBlocks& ended,
                 std::int16_t* block) {
  if (ended > 0) {
    --ended;
    return;
  }
  for (unsigned index = scan.firstCoefficient; index <= scan.lastCoefficient; ++index) {
    reader.refill();
    const HuffmanEntry entry = table.find(reader);
    const unsigned run = entry.symbol >> 4;
    if (entry.magnitudeBits == 0 && run != longestRun) {
      reader.consume(entry.totalBits);
      ended = endedBlocks(reader, run) - 1;
      return;
    }
    index += run;
    if (index >= blockSize) throw damaged("a block has more than 64 coefficients");
    const std::int32_t value = reader.number(entry.totalBits, entry.magnitudeBits);
    reader.consume(entry.totalBits);
    block[zigzag[index]] = static_cast<std::int16_t>(static_cast<std::uint32_t>(value) << scan.lowBit);
  }
}

/** One more bit of the coefficients of a block: T.81, figures G.7 to G.9. */
class Refinement {
 public:
  Refinement(BitReader& reader, const Scan& scan, std::int16_t* block)
      : reader_(reader), scan_(scan), block_(block), index_(scan.firstCoefficient) {}

  void decode(const HuffmanTable& table, EndedBlocks& ended) {
    while (ended == 0 && index_ <= scan_.lastCoefficient) {
      reader_.refill();
      const HuffmanEntry entry = table.find(reader_);
      const unsigned run = entry.symbol >> 4;
      reader_.consume(entry.totalBits - entry.magnitudeBits);
      if (entry.magnitudeBits == 0 && run != longestRun) {
        ended = endedBlocks(reader_, run);
        break;
      }
      std::int32_t value = 0;
      if (entry.magnitudeBits != 0) {
        if (entry.magnitudeBits != 1) throw damaged("a coefficient is refined by more than a bit");
        value = reader_.take(1) != 0 ? 1 : -1;
      }
      skipZeros(run);
      if (index_ > scan_.lastCoefficient) {
        if (value != 0) throw damaged("a block has more than 64 coefficients");
        break;
      }
      if (value != 0) block_[zigzag[index_]] = static_cast<std::int16_t>(value * (1 << scan_.lowBit));
      ++index_;
    }
    if (ended > 0) {
      skipZeros(blockSize);
      --ended;
    }
  }

 private:
  /** Goes on to the zero that comes after `zeros` others, and refines what is not zero on the way. */
  void skipZeros(unsigned zeros) {
    for (; index_ <= scan_.lastCoefficient; ++index_) {
      std::int16_t& coefficient = block_[zigzag[index_]];
      if (coefficient == 0) {
        if (zeros-- == 0) return;
        continue;
      }
      reader_.refill();
      const int bit = 1 << scan_.lowBit;
      if (reader_.take(1) != 0 && (coefficient & bit) == 0) {
        coefficient = static_cast<std::int16_t>(coefficient + (coefficient > 0 ? bit : -bit));
      }
    }
  }

  BitReader& reader_;
  const Scan& scan_;
  std::int16_t* block_;
  unsigned index_;
};

}  // namespace

void ProgressivePicture::prepare(const Frame& frame) {
  components_.resize(frame.components.size());
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const auto& [across, down] = std::pair(frame.components[i].across, frame.components[i].down);
    Component& component = components_[i];
    component.blocksAcross = std::size_t{frame.mcusAcross} * across;
    component.hasDc = false;
    component.coefficients.assign(component.blocksAcross * frame.mcusDown * down * blockSize, 0);
  }
}

void ProgressivePicture::decodeScan(const Headers& headers, const Scan& scan, const EntropyData& data) {
  if (scan.firstCoefficient == 0) {
    decodeDc(headers, scan, data);
  } else {
    decodeAc(headers, scan, data);
  }
}

void ProgressivePicture::decodeDc(const Headers& headers, const Scan& scan, const EntropyData& data) {
  std::vector<std::uint32_t> dc(scan.components.size());
  const bool isRefinement = scan.highBit != 0;
  for (const ScanComponent& part : scan.components) components_[part.component].hasDc = true;
  const auto begin = [&dc] { std::fill(dc.begin(), dc.end(), 0); };
  const auto decode = [&](BitReader& reader, unsigned index, unsigned across, unsigned down) {
    const ScanComponent& part = scan.components[index];
    std::int16_t& coefficient = *components_[part.component].block(across, down);
    reader.refill();
    if (isRefinement) {
      if (reader.take(1) != 0) coefficient = static_cast<std::int16_t>(coefficient | 1 << scan.lowBit);
      return;
    }
    const HuffmanEntry entry = headers.dcTable(part.dcTable).find(reader);
    dc[index] += static_cast<std::uint32_t>(reader.number(entry.totalBits, entry.magnitudeBits));
    reader.consume(entry.totalBits);
    coefficient = static_cast<std::int16_t>(dc[index] << scan.lowBit);
  };
  walkScan(*headers.frame(), scan, data, headers.restartInterval(), begin, decode);
}

void ProgressivePicture::decodeAc(const Headers& headers, const Scan& scan, const EntropyData& data) {
  const ScanComponent& part = scan.components[0];
  Component& component = components_[part.component];
  const HuffmanTable& table = headers.acTable(part.acTable);
  EndedBlocks ended = 0;
  const auto begin = [&ended] { ended = 0; };
  const auto decode = [&](BitReader& reader, unsigned, unsigned across, unsigned down) {
    std::int16_t* block = component.block(across, down);
    if (scan.highBit == 0) {
      decodeFirst(reader, scan, table, ended, block);
    } else {
      Refinement(reader, scan, block).decode(table, ended);
    }
  };
  walkScan(*headers.frame(), scan, data, headers.restartInterval(), begin, decode);
}

void ProgressivePicture::finish(const Frame& frame, std::vector<Plane>& planes) const {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const Component& component = components_[i];
    if (!component.hasDc) throw damaged("a component has no scan");
    const std::int16_t* block = component.coefficients.data();
    const auto blocksAcross = static_cast<unsigned>(component.blocksAcross);
    const unsigned blocksDown = frame.mcusDown * frame.components[i].down;
    for (unsigned down = 0; down < blocksDown; ++down) {
      for (unsigned across = 0; across < blocksAcross; ++across, block += blockSize) {
        planes[i].put(across, down, block, false);
      }
    }
  }
}

}  // namespace orion::image::jpeg
