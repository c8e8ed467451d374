#pragma once

#include <array>
#include <optional>

#include "image/jpeg/byte_reader.h"
#include "image/jpeg/frame.h"
#include "image/jpeg/huffman.h"

namespace orion::image::jpeg {

/** What the marker segments up to a scan put in force. Each reader of a segment throws where it is damaged. */
class Headers {
 public:
  /** Before another file. Huffman tables keep what they are built from: most files have the same. */
  void forget();

  void readQuantisationTables(ByteReader segment);
  void readHuffmanTables(ByteReader segment);
  void readRestartInterval(ByteReader segment) { restartInterval_ = segment.word(); }
  void readAdobe(ByteReader segment);
  void readJfif(ByteReader segment);
  /** false where the picture is of a kind that is not read here: see `JpegDecoder`. */
  bool readFrame(unsigned marker, ByteReader segment);
  /** Also fixes the quantisation of the components that it begins. */
  Scan readScan(ByteReader segment);

  const std::optional<Frame>& frame() const { return frame_; }
  unsigned restartInterval() const { return restartInterval_; }
  /** The table of a scan; throws where there is none. */
  const HuffmanTable& dcTable(unsigned index) const { return defined(dcTables_[index]); }
  const HuffmanTable& acTable(unsigned index) const { return defined(acTables_[index]); }
  /** Three components are luminance and two chrominances, not red, green and blue. */
  bool hasChrominance() const;

 private:
  static const HuffmanTable& defined(const HuffmanTable& table);
  ScanComponent readScanComponent(ByteReader& segment) const;
  void checkScan(const Scan& scan) const;

  std::optional<Frame> frame_;
  std::array<std::optional<Quantisation>, 4> quantisations_;
  std::array<HuffmanTable, 4> dcTables_;
  std::array<HuffmanTable, 4> acTables_;
  unsigned restartInterval_ = 0;
  bool hasJfif_ = false;
  std::optional<unsigned> adobeTransform_;
};

}  // namespace orion::image::jpeg
