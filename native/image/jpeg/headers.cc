#include "image/jpeg/headers.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "image/jpeg/markers.h"
#include "image/jpeg/zigzag.h"

namespace orion::image::jpeg {
namespace {

/** As libvips and PIL have it by default, about: a header of a few bytes must not ask for gigabytes. */
constexpr std::uint64_t mostPixels = std::uint64_t{1} << 28;
constexpr unsigned largestSamplingFactor = 4;
constexpr unsigned mostBlocksOfMcu = 10;

unsigned quotientUp(unsigned dividend, unsigned divisor) { return (dividend + divisor - 1) / divisor; }

void deriveSizes(Frame& frame) {
  for (const Component& component : frame.components) {
    frame.largestAcross = std::max(frame.largestAcross, component.across);
    frame.largestDown = std::max(frame.largestDown, component.down);
  }
  frame.mcusAcross = quotientUp(frame.width, blockSide * frame.largestAcross);
  frame.mcusDown = quotientUp(frame.height, blockSide * frame.largestDown);
  for (Component& component : frame.components) {
    component.blocksAcross = quotientUp(quotientUp(frame.width * component.across, frame.largestAcross), blockSide);
    component.blocksDown = quotientUp(quotientUp(frame.height * component.down, frame.largestDown), blockSide);
  }
}

}  // namespace

void Headers::forget() {
  frame_.reset();
  quantisations_.fill(std::nullopt);
  for (HuffmanTable& table : dcTables_) table.forget();
  for (HuffmanTable& table : acTables_) table.forget();
  restartInterval_ = 0;
  hasJfif_ = false;
  adobeTransform_.reset();
}

void Headers::readQuantisationTables(ByteReader segment) {
  while (segment.left() > 0) {
    const unsigned kind = segment.byte();
    const bool isWide = kind >> 4 != 0;
    if ((kind & 15) >= quantisations_.size())
      throw damaged("a quantisation table has number " + std::to_string(kind & 15));
    Quantisation& table = quantisations_[kind & 15].emplace();
    for (const std::uint8_t place : zigzag) table[place] = isWide ? segment.word() : segment.byte();
  }
}

void Headers::readHuffmanTables(ByteReader segment) {
  while (segment.left() > 0) {
    const unsigned kind = segment.byte();
    const unsigned index = kind & 15;
    if (kind >> 4 > 1 || index >= dcTables_.size()) throw damaged("a Huffman table has number " + std::to_string(kind));
    HuffmanDefinition definition;
    unsigned symbols = 0;
    for (std::uint8_t& count : definition.counts) {
      count = static_cast<std::uint8_t>(segment.byte());
      symbols += count;
    }
    if (symbols > definition.symbols.size())
      throw damaged("a Huffman table has " + std::to_string(symbols) + " symbols");
    std::memcpy(definition.symbols.data(), segment.skip(symbols), symbols);
    const bool isDc = kind >> 4 == 0;
    (isDc ? dcTables_ : acTables_)[index].define(isDc ? HuffmanTable::Kind::Dc : HuffmanTable::Kind::Ac, definition);
  }
}

void Headers::readAdobe(ByteReader segment) {
  constexpr char name[] = {'A', 'd', 'o', 'b', 'e'};
  constexpr std::size_t lengthAtLeast = 12;
  if (segment.left() < lengthAtLeast || std::memcmp(segment.position(), name, sizeof name) != 0) return;
  adobeTransform_ = segment.skip(lengthAtLeast)[lengthAtLeast - 1];
}

void Headers::readJfif(ByteReader segment) {
  constexpr char name[] = {'J', 'F', 'I', 'F', 0};
  hasJfif_ = hasJfif_ || (segment.left() >= sizeof name && std::memcmp(segment.position(), name, sizeof name) == 0);
}

bool Headers::readFrame(unsigned marker, ByteReader segment) {
  if (frame_) throw damaged("it has two frames");
  if (marker > marker::progressive) return false;
  Frame frame;
  frame.progressive = marker == marker::progressive;
  const unsigned bitsPerSample = segment.byte();
  frame.height = segment.word();
  frame.width = segment.word();
  const unsigned components = segment.byte();
  if (bitsPerSample != 8 || (components != 1 && components != 3)) return false;
  if (frame.width == 0 || frame.height == 0 || std::uint64_t{frame.width} * frame.height > mostPixels) {
    throw damaged("its size is " + std::to_string(frame.width) + " x " + std::to_string(frame.height));
  }
  for (unsigned i = 0; i < components; ++i) {
    Component component;
    component.id = segment.byte();
    const unsigned factors = segment.byte();
    component.across = factors >> 4;
    component.down = factors & 15;
    component.quantisationTable = segment.byte();
    const auto [least, most] = std::minmax(component.across, component.down);
    if (least < 1 || most > largestSamplingFactor || component.quantisationTable >= quantisations_.size()) {
      throw damaged("a component is sampled " + std::to_string(component.across) + " x " +
                    std::to_string(component.down));
    }
    frame.components.push_back(component);
  }
  deriveSizes(frame);
  for (const Component& component : frame.components) {
    if (frame.largestAcross % component.across != 0 || frame.largestDown % component.down != 0) return false;
  }
  frame_ = std::move(frame);
  return true;
}

Scan Headers::readScan(ByteReader segment) {
  if (!frame_) throw damaged("a scan comes before the frame");
  Scan scan;
  const unsigned count = segment.byte();
  if (count < 1 || count > frame_->components.size())
    throw damaged("a scan has " + std::to_string(count) + " components");
  for (unsigned i = 0; i < count; ++i) scan.components.push_back(readScanComponent(segment));
  scan.firstCoefficient = segment.byte();
  scan.lastCoefficient = segment.byte();
  const unsigned bits = segment.byte();
  scan.highBit = bits >> 4;
  scan.lowBit = bits & 15;
  if (!frame_->progressive) {
    // Some encoders leave these fields out of order in sequential files, where they have but one meaning.
    scan.firstCoefficient = scan.highBit = scan.lowBit = 0;
    scan.lastCoefficient = blockSize - 1;
  }
  checkScan(scan);
  for (const ScanComponent& part : scan.components) {
    Component& component = frame_->components[part.component];
    if (component.quantisation) continue;
    component.quantisation = quantisations_[component.quantisationTable];
    if (!component.quantisation) throw damaged("a quantisation table is missing");
  }
  return scan;
}

ScanComponent Headers::readScanComponent(ByteReader& segment) const {
  const unsigned id = segment.byte();
  const unsigned tables = segment.byte();
  const auto& components = frame_->components;
  const auto found =
      std::find_if(components.begin(), components.end(), [id](const Component& c) { return c.id == id; });
  if (found == components.end()) throw damaged("a scan has a component that the frame has not");
  const ScanComponent part{static_cast<std::size_t>(found - components.begin()), tables >> 4, tables & 15};
  if (part.dcTable >= dcTables_.size() || part.acTable >= acTables_.size()) {
    throw damaged("a scan names a Huffman table that cannot be");
  }
  return part;
}

void Headers::checkScan(const Scan& scan) const {
  const bool isInterleaved = scan.components.size() > 1;
  unsigned blocks = 0;
  for (const ScanComponent& part : scan.components) {
    const Component& component = frame_->components[part.component];
    blocks += component.across * component.down;
  }
  const bool hasAc = scan.firstCoefficient > 0;
  const bool isImpossible = scan.lastCoefficient >= blockSize || scan.firstCoefficient > scan.lastCoefficient ||
                            (hasAc && isInterleaved) || (isInterleaved && blocks > mostBlocksOfMcu);
  constexpr unsigned highestBit = 13;
  const bool isProgressionImpossible =
      frame_->progressive && ((!hasAc && scan.lastCoefficient != 0) || scan.lowBit > highestBit ||
                              (scan.highBit != 0 && scan.highBit != scan.lowBit + 1));
  if (isImpossible || isProgressionImpossible) throw damaged("a scan has an impossible header");
}

const HuffmanTable& Headers::defined(const HuffmanTable& table) {
  if (!table.isDefined()) throw damaged("a Huffman table is missing");
  return table;
}

bool Headers::hasChrominance() const {
  // As libjpeg guesses it; files do not say it in one place.
  if (frame_->components.size() != 3) return false;
  if (hasJfif_) return true;
  if (adobeTransform_) return *adobeTransform_ != 0;
  const auto& components = frame_->components;
  return !(components[0].id == 'R' && components[1].id == 'G' && components[2].id == 'B');
}

}  // namespace orion::image::jpeg
