#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "image/jpeg/decoder.h"
#include "image/normalisation.h"
#include "image/picture.h"
#include "image/resampling.h"

namespace orion::image {

/** How the bytes of a raw plane follow each other. */
enum class PlaneOrder { Rows, Columns };

/**
 * Makes of a stored image what a network reads: float32 planes [3, height, width]. Serves one thread, and keeps its
 * memory from one image to the next.
 */
class Preparation {
 public:
  Preparation(unsigned width, unsigned height, const LevelTables& levels)
      : width_(width), height_(height), levels_(levels), resampling_(width, height) {}

  /** Numbers of a prepared image. */
  std::size_t elements() const { return std::size_t{3} * width_ * height_; }

  /** false where the file is no JPEG of the kinds that `JpegDecoder` reads. Throws BadInput where it is damaged. */
  bool prepareJpeg(const std::uint8_t* bytes, std::size_t count, float* to);

  /** From raw planes of red, green and blue, each height x width. */
  void preparePlanes(const std::uint8_t* bytes, unsigned width, unsigned height, PlaneOrder order, float* to);

 private:
  void finish(const Picture& picture, float* to);

  unsigned width_;
  unsigned height_;
  LevelTables levels_;
  jpeg::JpegDecoder decoder_;
  Resampling resampling_;
  Picture picture_;
};

}  // namespace orion::image
