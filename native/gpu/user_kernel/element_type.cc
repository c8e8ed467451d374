#include "gpu/user_kernel/element_type.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace orion::gpu {
namespace {

/** A floating-point format of 16 bits: sign, exponent, mantissa. */
struct Format16 {
  int exponentBits;
  int mantissaBits;
  int bias() const { return (1 << (exponentBits - 1)) - 1; }
  int infinity() const { return ((1 << exponentBits) - 1) << mantissaBits; }
};

constexpr Format16 half{5, 10};
constexpr Format16 bfloat{8, 7};

std::uint16_t bitsIn(const Format16& format, double value) {
  const int sign = std::signbit(value) ? 0x8000 : 0;
  const double magnitude = std::fabs(value);
  int bits = 0;
  if (std::isnan(value)) {
    bits = format.infinity() | 1 << (format.mantissaBits - 1);
  } else if (std::isinf(value)) {
    bits = format.infinity();
  } else if (magnitude > 0) {
    const int exponent = std::max(std::ilogb(magnitude), 1 - format.bias());
    const double steps = std::nearbyint(std::scalbn(magnitude, format.mantissaBits - exponent));
    // The steps hold the leading 1 of a normal number, or the carry of the rounding: both add one to the exponent.
    bits = ((exponent + format.bias() - 1) << format.mantissaBits) + static_cast<int>(steps);
    bits = std::min(bits, format.infinity());
  }
  return static_cast<std::uint16_t>(sign | bits);
}

double valueIn(const Format16& format, std::uint16_t bits) {
  const int exponent = (bits & 0x7fff) >> format.mantissaBits;
  const int mantissa = bits & ((1 << format.mantissaBits) - 1);
  double magnitude = 0;
  if (exponent << format.mantissaBits == format.infinity()) {
    magnitude = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    magnitude = std::ldexp(mantissa, 1 - format.bias() - format.mantissaBits);
  } else {
    magnitude = std::ldexp(mantissa | 1 << format.mantissaBits, exponent - format.bias() - format.mantissaBits);
  }
  return bits & 0x8000 ? -magnitude : magnitude;
}

template <typename Value>
ElementBytes bytesFrom(Value value) {
  ElementBytes bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

}  // namespace

const char* nameOf(ElementType type) {
  switch (type) {
    case ElementType::I8:
      return "i8";
    case ElementType::U8:
      return "u8";
    case ElementType::I32:
      return "i32";
    case ElementType::U32:
      return "u32";
    case ElementType::I64:
      return "i64";
    case ElementType::U64:
      return "u64";
    case ElementType::F16:
      return "f16";
    case ElementType::BF16:
      return "bf16";
    case ElementType::F32:
      return "f32";
    case ElementType::F64:
      return "f64";
  }
  return "";
}

std::size_t bytesOf(ElementType type) {
  switch (type) {
    case ElementType::I8:
    case ElementType::U8:
      return 1;
    case ElementType::F16:
    case ElementType::BF16:
      return 2;
    case ElementType::I32:
    case ElementType::U32:
    case ElementType::F32:
      return 4;
    case ElementType::I64:
    case ElementType::U64:
    case ElementType::F64:
      return 8;
  }
  return 0;
}

bool isFloat(ElementType type) {
  return type == ElementType::F16 || type == ElementType::BF16 || type == ElementType::F32 || type == ElementType::F64;
}

ElementBytes encodeFloat(double value, ElementType type) {
  switch (type) {
    case ElementType::F16:
      return bytesFrom(halfBits(value));
    case ElementType::BF16:
      return bytesFrom(bfloatBits(value));
    case ElementType::F32:
      return bytesFrom(static_cast<float>(value));
    default:
      return bytesFrom(value);
  }
}

ElementBytes encodeInteger(std::uint64_t twosComplement) { return bytesFrom(twosComplement); }

std::uint16_t halfBits(double value) { return bitsIn(half, value); }
std::uint16_t bfloatBits(double value) { return bitsIn(bfloat, value); }
double halfValue(std::uint16_t bits) { return valueIn(half, bits); }
double bfloatValue(std::uint16_t bits) { return valueIn(bfloat, bits); }

}  // namespace orion::gpu
