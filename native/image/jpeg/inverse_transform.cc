#include "image/jpeg/inverse_transform.h"

#include <algorithm>
#include <cstring>

#include "base/vector_clones.h"
#include "image/jpeg/vectors.h"

#if defined(__GNUC__) && !defined(__clang__)
// Everything that takes vectors is inlined: how they are passed does not matter.
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace orion::image::jpeg {
namespace {

/** Fixed-point numbers of 13 bits after the point; between the two passes, 2 bits. */
constexpr int pointBits = 13;
constexpr int betweenBits = 2;
/** Both passes together multiply by 8. */
constexpr int gainBits = 3;
/** A sample of the middle grey is 0 before this is added (T.81, A.3.1). */
constexpr int middle = 128;

/** A factor with 13 bits after the point. */
constexpr std::uint32_t fixed(double factor) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(factor * (1 << pointBits) + (factor < 0 ? -0.5 : 0.5)));
}

ORION_INLINE void load(Words& row, const std::int16_t* coefficients, const std::uint32_t* quantisation) {
  Shorts shorts;
  std::memcpy(&shorts, coefficients, sizeof shorts);
  Words factors;
  std::memcpy(&factors, quantisation, sizeof factors);
  row = reinterpret_cast<Words>(__builtin_convertvector(shorts, Ints)) * factors;
}

/** Divides by 2^bits, to the nearest. */
template <int bits>
ORION_INLINE void descale(Ints& to, const Words& from) {
  to = reinterpret_cast<Ints>(from + (1u << (bits - 1))) >> bits;
}

template <int bits>
ORION_INLINE void descale(Shorts& to, const Words& from) {
  Ints ints;
  descale<bits>(ints, from);
  to = __builtin_convertvector(ints, Shorts);
}

ORION_INLINE void widen(Words& to, const Shorts& from) {
  to = reinterpret_cast<Words>(__builtin_convertvector(from, Ints));
}

/** Shorts that hold samples less the middle grey, to bytes. */
ORION_INLINE void clamp(Bytes& to, const Shorts& from) {
  Shorts value = reinterpret_cast<Shorts>(reinterpret_cast<HalfWords>(from) + static_cast<std::uint16_t>(middle));
  value &= ~(value >> 15);
  value |= (static_cast<std::int16_t>(255) - value) >> 15;
  to = __builtin_convertvector(value, Bytes);
}

/** One dimension of the 8 x 8 transform, over the rows for each lane; `descaled` by 2^bits. */
template <int bits>
ORION_INLINE void transform8(Shorts (&to)[8], const Words (&in)[8]) {
  const Words z1 = (in[2] + in[6]) * fixed(0.541196100);
  const Words even2 = z1 + in[6] * fixed(-1.847759065);
  const Words even3 = z1 + in[2] * fixed(0.765366865);
  const Words even0 = (in[0] + in[4]) << pointBits;
  const Words even1 = (in[0] - in[4]) << pointBits;
  const Words sum0 = even0 + even3;
  const Words sum1 = even1 + even2;
  const Words sum2 = even1 - even2;
  const Words sum3 = even0 - even3;

  const Words z5 = (in[7] + in[3] + in[5] + in[1]) * fixed(1.175875602);
  const Words a = (in[7] + in[1]) * fixed(-0.899976223);
  const Words b = (in[5] + in[3]) * fixed(-2.562915447);
  const Words c = (in[7] + in[3]) * fixed(-1.961570560) + z5;
  const Words d = (in[5] + in[1]) * fixed(-0.390180644) + z5;
  const Words odd0 = in[7] * fixed(0.298631336) + a + c;
  const Words odd1 = in[5] * fixed(2.053119869) + b + d;
  const Words odd2 = in[3] * fixed(3.072711026) + b + c;
  const Words odd3 = in[1] * fixed(1.501321110) + a + d;

  descale<bits>(to[0], sum0 + odd3);
  descale<bits>(to[7], sum0 - odd3);
  descale<bits>(to[1], sum1 + odd2);
  descale<bits>(to[6], sum1 - odd2);
  descale<bits>(to[2], sum2 + odd1);
  descale<bits>(to[5], sum2 - odd1);
  descale<bits>(to[3], sum3 + odd0);
  descale<bits>(to[4], sum3 - odd0);
}

ORION_VECTOR_CLONES
void inverse8(const std::int16_t* block, const Quantisation& quantisation, std::uint8_t* samples, std::size_t stride) {
  Words in[8];
  for (int i = 0; i < 8; ++i) load(in[i], block + 8 * i, &quantisation[8 * i]);
  Shorts rows[8];
  transform8<pointBits - betweenBits>(rows, in);
  transpose(rows);
  for (int i = 0; i < 8; ++i) widen(in[i], rows[i]);
  transform8<pointBits + betweenBits + gainBits>(rows, in);
  transpose(rows);
  for (int i = 0; i < 8; ++i) {
    Bytes bytes;
    clamp(bytes, rows[i]);
    std::memcpy(samples + i * stride, &bytes, sizeof bytes);
  }
}

/** One dimension of the 4 x 4 transform; of eight rows the fifth has no part in it. */
template <int bits>
ORION_INLINE void transform4(Shorts (&to)[8], const Words (&in)[8]) {
  const Words even0 = in[0] << (pointBits + 1);
  const Words even2 = in[2] * fixed(1.847759065) + in[6] * fixed(-0.765366865);
  const Words odd0 = in[7] * fixed(-0.211164243) + in[5] * fixed(1.451774981) + in[3] * fixed(-2.172734803) +
                     in[1] * fixed(1.061594337);
  const Words odd2 = in[7] * fixed(-0.509795579) + in[5] * fixed(-0.601344887) + in[3] * fixed(0.899976223) +
                     in[1] * fixed(2.562915447);
  descale<bits>(to[0], even0 + even2 + odd2);
  descale<bits>(to[3], even0 + even2 - odd2);
  descale<bits>(to[1], even0 - even2 + odd0);
  descale<bits>(to[2], even0 - even2 - odd0);
}

ORION_VECTOR_CLONES
void inverse4(const std::int16_t* block, const Quantisation& quantisation, std::uint8_t* samples, std::size_t stride) {
  Words in[8] = {};
  for (int i = 0; i < 8; ++i) {
    if (i != 4) load(in[i], block + 8 * i, &quantisation[8 * i]);
  }
  Shorts rows[8] = {};
  transform4<pointBits - betweenBits + 1>(rows, in);
  transpose(rows);
  for (int i = 0; i < 8; ++i) widen(in[i], rows[i]);
  transform4<pointBits + betweenBits + gainBits + 1>(rows, in);
  transpose(rows);
  for (int i = 0; i < 4; ++i) {
    Bytes bytes;
    clamp(bytes, rows[i]);
    std::memcpy(samples + i * stride, &bytes, 4);
  }
}

std::uint8_t clampedSample(std::int32_t value) { return static_cast<std::uint8_t>(std::clamp(value + middle, 0, 255)); }

ORION_VECTOR_CLONES
void inverse2(const std::int16_t* block, const Quantisation& quantisation, std::uint8_t* samples, std::size_t stride) {
  Words in[8];
  for (const int i : {0, 1, 3, 5, 7}) load(in[i], block + 8 * i, &quantisation[8 * i]);
  const Words even = in[0] << (pointBits + 2);
  const Words odd = in[7] * fixed(-0.720959822) + in[5] * fixed(0.850430095) + in[3] * fixed(-1.272758580) +
                    in[1] * fixed(3.624509785);
  Words rows[2] = {even + odd, even - odd};
  const Words weights = {1u << (pointBits + 2), fixed(3.624509785), 0, fixed(-1.272758580), 0, fixed(0.850430095), 0,
                         fixed(-0.720959822)};
  for (int i = 0; i < 2; ++i) {
    Ints between;
    descale<pointBits - betweenBits + 2>(between, rows[i]);
    const Words products = reinterpret_cast<Words>(between) * weights;
    const std::uint32_t evenSum = products[0];
    const std::uint32_t oddSum = products[1] + products[3] + products[5] + products[7];
    constexpr int bits = pointBits + betweenBits + gainBits + 2;
    const auto descaled = [](std::uint32_t sum) { return static_cast<std::int32_t>(sum + (1u << (bits - 1))) >> bits; };
    samples[i * stride] = clampedSample(descaled(evenSum + oddSum));
    samples[i * stride + 1] = clampedSample(descaled(evenSum - oddSum));
  }
}

void inverse1(const std::int16_t* block, const Quantisation& quantisation, std::uint8_t* samples, std::size_t) {
  *samples = flatSample(block[0], quantisation[0]);
}

}  // namespace

InverseTransform inverseTransform(unsigned side) {
  switch (side) {
    case 8:
      return inverse8;
    case 4:
      return inverse4;
    case 2:
      return inverse2;
    default:
      return inverse1;
  }
}

std::uint8_t flatSample(std::int16_t coefficient, std::uint32_t quantisation) {
  const auto value = static_cast<std::int32_t>(static_cast<std::uint32_t>(coefficient) * quantisation + 4);
  return clampedSample(value >> 3);
}

}  // namespace orion::image::jpeg
