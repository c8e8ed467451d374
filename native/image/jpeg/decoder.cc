#include "image/jpeg/decoder.h"

#include <algorithm>
#include <cstring>

#include "image/jpeg/colour.h"
#include "image/jpeg/damage.h"
#include "image/jpeg/markers.h"
#include "image/jpeg/sequential.h"
#include "image/jpeg/upsampling.h"

namespace orion::image::jpeg {
namespace {

/** The second byte of the next marker. */
unsigned nextMarker(ByteReader& in) {
  if (in.byte() != 0xff) throw damaged("a marker is missing between its segments");
  unsigned code = in.byte();
  while (code == 0xff) code = in.byte();  // fill bytes
  return code;
}

bool isFrameHeader(unsigned code) {
  return code >= marker::baseline && code <= marker::lastFrameHeader && code != marker::huffmanTables &&
         code != marker::arithmeticConditioning;
}

/** Samples that a block becomes in each direction, for the greatest reduction that leaves at least the size wanted. */
unsigned sideFor(const Frame& frame, unsigned widthWanted, unsigned heightWanted) {
  const unsigned ratio = std::min(frame.width / widthWanted, frame.height / heightWanted);
  unsigned side = blockSide;
  while (side > 1 && ratio >= 2 * (blockSide / side)) side /= 2;
  return side;
}

/** The side of a component's blocks: where it has fewer samples than others it is reduced less (jdmaster.c). */
unsigned componentSide(const Frame& frame, const Component& component, unsigned side) {
  unsigned own = side;
  while (own < blockSide && frame.largestAcross * side % (component.across * own * 2) == 0 &&
         frame.largestDown * side % (component.down * own * 2) == 0) {
    own *= 2;
  }
  return own;
}

}  // namespace

bool JpegDecoder::decode(const std::uint8_t* bytes, std::size_t count, unsigned widthWanted, unsigned heightWanted,
                         Picture& picture) {
  if (count < 2 || bytes[0] != 0xff || bytes[1] != marker::startOfImage) return false;
  headers_.forget();
  ByteReader in(bytes + 2, count - 2);
  Progress progress = Progress::GoesOn;
  while (progress == Progress::GoesOn) progress = readSegment(in, widthWanted, heightWanted);
  if (progress == Progress::IsOfAnotherKind) return false;
  assemble(picture);
  return true;
}

JpegDecoder::Progress JpegDecoder::readSegment(ByteReader& in, unsigned widthWanted, unsigned heightWanted) {
  const unsigned code = nextMarker(in);
  if (code == marker::endOfImage) {
    if (!headers_.frame() || !headers_.frame()->progressive) throw damaged("it ends before its picture does");
    progressive_.finish(*headers_.frame(), planes_);
    return Progress::IsComplete;
  }
  if (code == marker::startOfScan) return readScan(in);
  if (isRestart(code) || code <= 1) throw damaged("a marker of its data stands between its segments");
  if (isFrameHeader(code)) {
    if (!headers_.readFrame(code, in.segment())) return Progress::IsOfAnotherKind;
    prepare(widthWanted, heightWanted);
    return Progress::GoesOn;
  }
  ByteReader segment = in.segment();
  switch (code) {
    case marker::quantisationTables:
      headers_.readQuantisationTables(segment);
      break;
    case marker::huffmanTables:
      headers_.readHuffmanTables(segment);
      break;
    case marker::restartInterval:
      headers_.readRestartInterval(segment);
      break;
    case marker::jfif:
      headers_.readJfif(segment);
      break;
    case marker::adobe:
      headers_.readAdobe(segment);
      break;
    default:
      break;  // metadata, comments
  }
  return Progress::GoesOn;
}

void JpegDecoder::prepare(unsigned widthWanted, unsigned heightWanted) {
  const Frame& frame = *headers_.frame();
  side_ = sideFor(frame, widthWanted, heightWanted);
  planes_.resize(frame.components.size());
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    planes_[i].prepare(frame, frame.components[i], componentSide(frame, frame.components[i], side_));
  }
  missing_ = planes_.size();
  if (frame.progressive) progressive_.prepare(frame);
}

JpegDecoder::Progress JpegDecoder::readScan(ByteReader& in) {
  const Scan scan = headers_.readScan(in.segment());
  data_.read(in);
  if (headers_.frame()->progressive) {
    progressive_.decodeScan(headers_, scan, data_);
    return Progress::GoesOn;
  }
  decodeSequentialScan(headers_, scan, data_, planes_);
  if (scan.components.size() > missing_) throw damaged("a component comes twice");
  missing_ -= scan.components.size();
  return missing_ == 0 ? Progress::IsComplete : Progress::GoesOn;
}

void JpegDecoder::assemble(Picture& picture) const {
  const Frame& frame = *headers_.frame();
  const unsigned reduction = blockSide / side_;
  picture.resize((frame.width + reduction - 1) / reduction, (frame.height + reduction - 1) / reduction);
  picture.coveredWidth = static_cast<double>(frame.width) / reduction;
  picture.coveredHeight = static_cast<double>(frame.height) / reduction;

  std::vector<Upsampling> rows;
  for (std::size_t i = 0; i < planes_.size(); ++i) {
    const Component& component = frame.components[i];
    const unsigned side = componentSide(frame, component, side_);
    rows.emplace_back(planes_[i], frame.largestAcross * side_ / (component.across * side),
                      frame.largestDown * side_ / (component.down * side), side_ > 1);
  }
  const std::size_t width = picture.width;
  std::uint8_t* const red = picture.samples.data();
  std::uint8_t* const green = red + picture.planeSize();
  std::uint8_t* const blue = green + picture.planeSize();
  for (unsigned y = 0; y < picture.height; ++y) {
    const std::uint8_t* const first = rows[0].row(y);
    // A grey picture has the same in all.
    const std::uint8_t* const second = rows.size() > 1 ? rows[1].row(y) : first;
    const std::uint8_t* const third = rows.size() > 1 ? rows[2].row(y) : first;
    const std::size_t at = y * width;
    if (headers_.hasChrominance()) {
      toRgb(first, second, third, width, red + at, green + at, blue + at);
    } else {
      std::copy_n(first, width, red + at);
      std::copy_n(second, width, green + at);
      std::copy_n(third, width, blue + at);
    }
  }
}

}  // namespace orion::image::jpeg
