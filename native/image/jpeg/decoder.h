#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/jpeg/entropy_data.h"
#include "image/jpeg/headers.h"
#include "image/jpeg/plane.h"
#include "image/jpeg/progressive.h"
#include "image/picture.h"

namespace orion::image::jpeg {

/**
 * Decodes JPEG files to red, green and blue: 8 bits a sample, Huffman-coded, sequential or progressive, grey or in
 * three components. Other kinds (four components, arithmetic coding, lossless) are told apart from damaged files.
 * Samples are those of libjpeg's defaults, bit for bit. Serves one thread, and keeps its memory from one file to the
 * next.
 */
class JpegDecoder {
 public:
  /**
   * Decodes at the smallest of the sizes 1, 1/2, 1/4 and 1/8 that is not below the size wanted: a sample is then the
   * mean of those that it stands for, which costs less than to decode them all.
   * @returns false where the file is of another kind. Throws BadInput where it is damaged.
   */
  bool decode(const std::uint8_t* bytes, std::size_t count, unsigned widthWanted, unsigned heightWanted,
              Picture& picture);

 private:
  enum class Progress { GoesOn, IsComplete, IsOfAnotherKind };

  Progress readSegment(ByteReader& in, unsigned widthWanted, unsigned heightWanted);
  void prepare(unsigned widthWanted, unsigned heightWanted);
  Progress readScan(ByteReader& in);
  void assemble(Picture& picture) const;

  Headers headers_;
  EntropyData data_;
  ProgressivePicture progressive_;
  std::vector<Plane> planes_;
  unsigned side_ = blockSide;
  /** Components of a sequential picture that have not come yet. */
  std::size_t missing_ = 0;
};

}  // namespace orion::image::jpeg
