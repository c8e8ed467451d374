#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "check.h"
#include "image/jpeg/decoder.h"
#include "image/jpeg/inverse_transform.h"

using namespace orion;
using namespace orion::image;

namespace {

using File = std::vector<std::uint8_t>;

void append(File& file, const File& bytes) {
  for (const std::uint8_t byte : bytes) file.push_back(byte);
}

File segment(std::uint8_t code, const File& content) {
  const std::size_t length = content.size() + 2;
  File bytes = {0xff, code, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)};
  append(bytes, content);
  return bytes;
}

File joined(const std::vector<File>& parts) {
  File whole;
  for (const File& part : parts) append(whole, part);
  return whole;
}

const File start = {0xff, 0xd8};
const File end = {0xff, 0xd9};

/** Every step of quantisation is 8, so that a first coefficient is the difference from the middle grey. */
const File quantisation = segment(0xdb, [] {
  File table(65, 8);
  table[0] = 0;
  return table;
}());

/** Codes 0: a difference of 6 bits, 10: of 3 bits. */
const File dcCodes = segment(0xc4, {0x00, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 3});
/** Codes 0: the block ends, 10: a coefficient of 1 bit after no zeros, 110: the same after 15 zeros. */
const File acCodes = segment(0xc4, {0x10, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x01, 0xf1});

File greyFrame(std::uint8_t code, std::uint8_t width, std::uint8_t height) {
  return segment(code, {8, 0, height, 0, width, 1, 1, 0x11, 0});
}

const File greyScan = segment(0xda, {1, 1, 0x00, 0, 63, 0});

/** 16 x 8, grey: a block of 128 + 40 (0 101000 0), then one of 5 less (10 010 0), then bits that fill up. */
const File twoBlocks = {0x50, 0x93};

File greyFile(const File& data) {
  return joined({start, quantisation, greyFrame(0xc0, 16, 8), dcCodes, acCodes, greyScan, data, end});
}

Picture decoded(const File& file, unsigned width = 16, unsigned height = 8) {
  jpeg::JpegDecoder decoder;
  Picture picture;
  CHECK(decoder.decode(file.data(), file.size(), width, height, picture));
  return picture;
}

std::string damageOf(const File& file) {
  const std::string sentence = SENTENCE_OF(BadInput, decoded(file));
  const std::string beginning = "damaged JPEG: ";
  CHECK_EQUAL(sentence.substr(0, beginning.size()), beginning);
  return sentence.substr(beginning.size());
}

File without(const File& whole, const File& part) {
  File file = whole;
  const auto at = std::search(file.begin(), file.end(), part.begin(), part.end());
  CHECK(at != file.end());
  file.erase(at, at + static_cast<std::ptrdiff_t>(part.size()));
  return file;
}

File with(const File& whole, const File& part, const File& instead) {
  File file = whole;
  const auto at = std::search(file.begin(), file.end(), part.begin(), part.end());
  CHECK(at != file.end());
  const auto place = file.erase(at, at + static_cast<std::ptrdiff_t>(part.size()));
  file.insert(place, instead.begin(), instead.end());
  return file;
}

/** T.81, A.3.3, in double precision: the samples of a block, the middle grey added. */
std::vector<double> exactSamples(const std::int16_t* block, const jpeg::Quantisation& steps) {
  const double pi = std::acos(-1.0);
  std::vector<double> samples(64);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      double sum = 0;
      for (int v = 0; v < 8; ++v) {
        for (int u = 0; u < 8; ++u) {
          const double scale = (u == 0 ? std::sqrt(0.5) : 1) * (v == 0 ? std::sqrt(0.5) : 1);
          sum += scale * block[8 * v + u] * steps[8 * v + u] * std::cos((2 * x + 1) * u * pi / 16) *
                 std::cos((2 * y + 1) * v * pi / 16);
        }
      }
      samples[8 * y + x] = sum / 4 + 128;
    }
  }
  return samples;
}

double clamped(double value) { return std::clamp(value, 0.0, 255.0); }

}  // namespace

CASE(inverse_transform_is_that_of_the_standard_and_smaller_samples_are_means) {
  std::mt19937 random(1);
  jpeg::Quantisation steps{};
  for (int repeat = 0; repeat < 200; ++repeat) {
    alignas(32) std::int16_t block[64] = {};
    for (std::uint32_t& step : steps) step = 1 + random() % 20;
    // As in pictures: coefficients become small and rare towards high frequencies.
    for (int i = 0; i < 64; ++i) {
      const int most = 60 / (1 + i / 8 + i % 8);
      if (random() % 3 == 0) block[i] = static_cast<std::int16_t>(static_cast<int>(random() % (2 * most + 1)) - most);
    }
    const std::vector<double> exact = exactSamples(block, steps);
    for (unsigned side : {8u, 4u, 2u, 1u}) {
      std::vector<std::uint8_t> samples(side * 10, 77);
      jpeg::inverseTransform(side)(block, steps, samples.data(), 10);
      const unsigned span = 8 / side;
      for (unsigned y = 0; y < side; ++y) {
        for (unsigned x = 0; x < side; ++x) {
          double sum = 0;
          for (unsigned i = 0; i < span * span; ++i) sum += exact[8 * (y * span + i / span) + x * span + i % span];
          CHECK_NEAR(samples[y * 10 + x], clamped(sum / (span * span)), 0.75);
        }
      }
      CHECK_EQUAL(int{samples[side]}, 77);  // nothing is written beside a row
    }
  }
}

CASE(flat_blocks_are_what_the_transform_makes_of_them) {
  jpeg::Quantisation steps{};
  for (int coefficient : {-60, -17, -4, -1, 0, 1, 3, 4, 5, 60}) {
    for (std::uint32_t step : {1u, 7u, 16u}) {
      alignas(32) std::int16_t block[64] = {static_cast<std::int16_t>(coefficient)};
      steps[0] = step;
      for (unsigned side : {8u, 4u, 2u, 1u}) {
        std::uint8_t samples[64];
        jpeg::inverseTransform(side)(block, steps, samples, side);
        for (unsigned i = 0; i < side * side; ++i) CHECK_EQUAL(int{samples[i]}, int{jpeg::flatSample(block[0], step)});
      }
    }
  }
}

CASE(a_file_worked_by_hand) {
  const Picture picture = decoded(greyFile(twoBlocks));
  CHECK_EQUAL(picture.width, 16u);
  CHECK_EQUAL(picture.height, 8u);
  for (std::size_t i = 0; i < 3 * 128; ++i) CHECK_EQUAL(int{picture.samples[i]}, i % 16 < 8 ? 168 : 163);

  const Picture eighth = decoded(greyFile(twoBlocks), 2, 1);
  CHECK_EQUAL(eighth.width, 2u);
  CHECK_EQUAL(eighth.height, 1u);
  CHECK_EQUAL(int{eighth.samples[1]}, 163);
  CHECK_EQUAL(decoded(greyFile(twoBlocks), 3, 1).width, 4u);  // half of it would not do
}

CASE(restarts_begin_anew) {
  // An interval of one block each: the second one's difference counts from 0.
  const File interval = segment(0xdd, {0, 1});
  const File data = {0x50, 0xff, 0xd0, 0x93};  // 0 101000 0, restart 0, 10 010 0 11
  const File file = with(greyFile(data), greyScan, joined({interval, greyScan}));
  const Picture picture = decoded(file);
  CHECK_EQUAL(int{picture.samples[0]}, 168);
  CHECK_EQUAL(int{picture.samples[8]}, 123);
  CHECK_EQUAL(damageOf(with(file, {0xff, 0xd0}, {0xff, 0xd1})), "a restart marker is lost");
  CHECK_EQUAL(damageOf(without(file, {0xff, 0xd0, 0x93})), "its data ends early");
  CHECK_EQUAL(damageOf(with(file, {0xff, 0xd0}, {0x00, 0xff, 0xd0})), "its data goes on beyond the picture");
}

CASE(kinds_that_are_not_read_are_told_apart) {
  const File whole = greyFile(twoBlocks);
  jpeg::JpegDecoder decoder;
  Picture picture;
  const auto isRead = [&](const File& file) { return decoder.decode(file.data(), file.size(), 16, 8, picture); };
  CHECK(isRead(whole));
  CHECK(!isRead({}));
  CHECK(!isRead({0x89, 'P', 'N', 'G'}));
  const File frame = greyFrame(0xc0, 16, 8);
  CHECK(!isRead(with(whole, frame, greyFrame(0xc3, 16, 8))));  // lossless
  CHECK(!isRead(with(whole, frame, greyFrame(0xc9, 16, 8))));  // arithmetic coding
  CHECK(!isRead(with(whole, frame, segment(0xc1, {12, 0, 8, 0, 16, 1, 1, 0x11, 0}))));
  CHECK(
      !isRead(with(whole, frame, segment(0xc0, {8, 0, 8, 0, 16, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0}))));
  // A component sampled 2/3 as often.
  CHECK(!isRead(with(whole, frame, segment(0xc0, {8, 0, 8, 0, 16, 3, 1, 0x31, 0, 2, 0x21, 0, 3, 0x11, 0}))));
}

CASE(damage_is_named) {
  const File whole = greyFile(twoBlocks);
  const File frame = greyFrame(0xc0, 16, 8);
  const File progressive = with(whole, frame, greyFrame(0xc2, 16, 8));
  const auto scan = [](const File& content) { return segment(0xda, content); };
  const std::vector<std::pair<File, std::string>> cases = {
      {File(whole.begin(), whole.begin() + 20), "it ends within its headers"},
      {File(whole.begin(), whole.end() - 3), "its data ends early"},
      {with(whole, twoBlocks, {0x50, 0x93, 0x00}), "its data goes on beyond the picture"},
      {with(whole, twoBlocks, {0xff, 0x00, 0x93}), "its data holds a code that no Huffman table has"},
      {with(whole, {0xff, 0xdb}, {0x12, 0xdb}), "a marker is missing between its segments"},
      {with(whole, quantisation, joined({{0xff, 0xd0}, quantisation})),
       "a marker of its data stands between its segments"},
      {with(whole, {0xff, 0xdb, 0, 67}, {0xff, 0xdb, 0, 1}), "a segment has a length of 1"},
      {joined({start, end}), "it ends before its picture does"},
      {with(whole, frame, joined({frame, frame})), "it has two frames"},
      {with(whole, frame, greyFrame(0xc0, 0, 8)), "its size is 0 x 8"},
      {with(whole, frame, segment(0xc0, {8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0})), "its size is 65535 x 65535"},
      {with(whole, frame, segment(0xc0, {8, 0, 8, 0, 16, 1, 1, 0x05, 0})), "a component is sampled 0 x 5"},
      {without(whole, quantisation), "a quantisation table is missing"},
      {with(whole, {0xff, 0xdb, 0, 67, 0}, {0xff, 0xdb, 0, 67, 7}), "a quantisation table has number 7"},
      {without(whole, dcCodes), "a Huffman table is missing"},
      {with(whole, dcCodes, segment(0xc4, {0x20})), "a Huffman table has number 32"},
      {with(whole, dcCodes, segment(0xc4, {0x00, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3})),
       "a Huffman table has more codes than there can be"},
      {with(whole, dcCodes, segment(0xc4, {0x00, 0, 0, 0, 0, 0, 0, 0, 255, 9, 0, 0, 0, 0, 0, 0, 0})),
       "a Huffman table has 264 symbols"},
      {with(whole, dcCodes, segment(0xc4, {0x00, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16})),
       "a Huffman table has impossible symbols"},
      {without(whole, frame), "a scan comes before the frame"},
      {with(whole, greyScan, scan({2, 1, 0, 1, 0, 0, 63, 0})), "a scan has 2 components"},
      {with(whole, greyScan, scan({1, 9, 0, 0, 63, 0})), "a scan has a component that the frame has not"},
      {with(whole, greyScan, scan({1, 1, 0x40, 0, 63, 0})), "a scan names a Huffman table that cannot be"},
      {with(progressive, greyScan, scan({1, 1, 0, 0, 63, 0})), "a scan has an impossible header"},
      {with(progressive, greyScan, scan({1, 1, 0, 9, 3, 0})), "a scan has an impossible header"},
      {with(progressive, greyScan, scan({1, 1, 0, 0, 0, 0x31})), "a scan has an impossible header"},
      // A run of 15 zeros from coefficient 1 on, four times: 0 101000, 110 1 each.
      {with(whole, twoBlocks, {0x51, 0xbb, 0xbb, 0xbb, 0xbb, 0x80}), "a block has more than 64 coefficients"},
      {joined({start, quantisation, greyFrame(0xc2, 16, 8), end}), "a component has no scan"},
  };
  for (const auto& [file, sentence] : cases) CHECK_EQUAL(damageOf(file), sentence);
}

CASE(random_damage_ends_in_a_sentence_or_a_picture) {
  // With sanitizers this also shows that nothing is read or written out of bounds.
  const File whole = greyFile(twoBlocks);
  const File progressive = with(with(whole, greyFrame(0xc0, 16, 8), greyFrame(0xc2, 16, 8)), greyScan,
                                joined({segment(0xda, {1, 1, 0, 0, 0, 0x01}),
                                        {0x50, 0x93},
                                        segment(0xda, {1, 1, 0, 0, 0, 0x10}),
                                        {0xbf},
                                        segment(0xda, {1, 1, 0, 1, 63, 0x02}),
                                        {0xa5, 0x5a},
                                        segment(0xda, {1, 1, 0, 1, 63, 0x21})}));
  std::mt19937 random(7);
  jpeg::JpegDecoder decoder;
  Picture picture;
  for (int repeat = 0; repeat < 20'000; ++repeat) {
    File file = repeat % 2 == 0 ? whole : progressive;
    for (unsigned change = 1 + random() % 4; change > 0; --change) {
      file[random() % file.size()] = static_cast<std::uint8_t>(random());
      if (random() % 8 == 0) file.resize(1 + random() % file.size());
    }
    try {
      decoder.decode(file.data(), file.size(), 1 + random() % 20, 1 + random() % 20, picture);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::BadInput);
    }
  }
}
