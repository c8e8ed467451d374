#include "image/resampling.h"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.h"
#include "image/transposition.h"

namespace orion::image {
namespace {

constexpr int weightBits = 22;

double triangle(double distance) { return std::max(0.0, 1 - std::abs(distance)); }

constexpr std::size_t chunk = 32;

inline std::uint8_t toByte(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp(sum >> weightBits, 0, 255));
}

/** Weighted means of `count` rows, of `width` samples each. */
ORION_VECTOR_CLONES
void weightedMean(const std::uint8_t* rows, std::size_t width, const std::int32_t* weights, unsigned count,
                  std::uint8_t* to) {
  constexpr std::int32_t half = 1 << (weightBits - 1);
  std::size_t begin = 0;
  for (; begin + chunk <= width; begin += chunk) {
    std::int32_t sums[chunk];
    for (std::int32_t& sum : sums) sum = half;
    for (unsigned row = 0; row < count; ++row) {
      const std::uint8_t* from = rows + row * width + begin;
      const std::int32_t weight = weights[row];
      for (std::size_t i = 0; i < chunk; ++i) sums[i] += from[i] * weight;
    }
    for (std::size_t i = 0; i < chunk; ++i) to[begin + i] = toByte(sums[i]);
  }
  for (; begin < width; ++begin) {
    std::int32_t sum = half;
    for (unsigned row = 0; row < count; ++row) sum += rows[row * width + begin] * weights[row];
    to[begin] = toByte(sum);
  }
}

}  // namespace

// The arithmetic of PIL's Resample.c, in the same order of operations.
void Resampling::Weights::prepare(unsigned wantedSize, double wantedCovered, unsigned wantedNewSize) {
  if (size == wantedSize && covered == wantedCovered && newSize == wantedNewSize) return;
  size = wantedSize;
  covered = wantedCovered;
  newSize = wantedNewSize;
  const double scale = covered / newSize;
  const double widening = std::max(scale, 1.0);
  const double support = widening;
  stride = static_cast<unsigned>(std::ceil(support)) * 2 + 1;
  firsts.resize(newSize);
  counts.resize(newSize);
  weights.assign(std::size_t{newSize} * stride, 0);
  std::vector<double> exact(stride);
  for (unsigned i = 0; i < newSize; ++i) {
    const double centre = (i + 0.5) * scale;
    const unsigned first = static_cast<unsigned>(std::max(0, static_cast<int>(centre - support + 0.5)));
    const unsigned end = std::min(size, static_cast<unsigned>(centre + support + 0.5));
    firsts[i] = first;
    counts[i] = end - first;
    double sum = 0;
    for (unsigned j = 0; j < counts[i]; ++j) {
      exact[j] = triangle((j + first - centre + 0.5) * (1 / widening));
      sum += exact[j];
    }
    for (unsigned j = 0; j < counts[i]; ++j) {
      const double share = sum != 0 ? exact[j] / sum : exact[j];
      weights[std::size_t{i} * stride + j] = static_cast<std::int32_t>(0.5 + share * (1 << weightBits));
    }
  }
}

void Resampling::weightRows(const std::uint8_t* from, std::size_t width, const Weights& weights, std::uint8_t* to) {
  for (unsigned row = 0; row < weights.newSize; ++row) {
    weightedMean(from + weights.firsts[row] * width, width, &weights.weights[std::size_t{row} * weights.stride],
                 weights.counts[row], to + row * width);
  }
}

const Picture& Resampling::resize(const Picture& from) {
  const Picture* picture = &from;
  if (from.width != width_ || from.coveredWidth != width_) {
    // Whole rows can be added up several at a time, columns cannot: the picture is laid on its side for that.
    const std::size_t rows = 3 * std::size_t{from.height};
    across_.prepare(from.width, from.coveredWidth, width_);
    turned_.resize(rows * from.width);
    turnedNarrow_.resize(rows * width_);
    narrow_.resize(width_, from.height);
    transpose(from.samples.data(), rows, from.width, turned_.data());
    weightRows(turned_.data(), rows, across_, turnedNarrow_.data());
    transpose(turnedNarrow_.data(), width_, rows, narrow_.samples.data());
    picture = &narrow_;
  }
  if (from.height != height_ || from.coveredHeight != height_) {
    down_.prepare(from.height, from.coveredHeight, height_);
    result_.resize(width_, height_);
    for (std::size_t plane = 0; plane < 3; ++plane) {
      weightRows(&picture->samples[plane * picture->planeSize()], width_, down_,
                 &result_.samples[plane * result_.planeSize()]);
    }
    picture = &result_;
  }
  return *picture;
}

}  // namespace orion::image
