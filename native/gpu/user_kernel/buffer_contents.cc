#include "gpu/user_kernel/buffer_contents.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

namespace orion::gpu {
namespace {

constexpr std::uint64_t fnvPrime = 0x100000001b3;

/** Bits of the largest run of integers from 0 on that the type holds exactly. */
int exactBits(ElementType type) {
  switch (type) {
    case ElementType::I8:
      return 7;
    case ElementType::U8:
    case ElementType::BF16:
      return 8;
    case ElementType::F16:
      return 11;
    case ElementType::F32:
      return 24;
    case ElementType::I32:
      return 31;
    case ElementType::U32:
      return 32;
    case ElementType::F64:
      return 53;
    case ElementType::I64:
    case ElementType::U64:
      return 63;
  }
  return 0;
}

constexpr int randomIntegerBits = 7;

/** splitmix64 (Steele, Lea, Flood 2014), the i-th number of a seed without those before it. */
std::uint64_t randomBits(std::uint64_t seed, std::uint64_t i) {
  std::uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/**
 * @param integer(i) of element i, below 2^bits
 * @param scale that makes it the element where the type is a floating-point one
 */
template <std::size_t bytes, typename Integer>
void fillFrom(ElementType type, double scale, int bits, std::size_t first, std::size_t count, unsigned char* target,
              Integer&& integer) {
  const auto encode = [&](std::uint64_t value) {
    return isFloat(type) ? encodeFloat(static_cast<double>(value) * scale, type) : encodeInteger(value);
  };
  std::vector<ElementBytes> encoded;  // rounding to 16 bits is slow, and there are few such numbers
  if (bytes == 2) {
    for (std::uint64_t value = 0; value >> bits == 0; ++value) encoded.push_back(encode(value));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t value = integer(first + i);
    const ElementBytes element = bytes == 2 ? encoded[value] : encode(value);
    std::memcpy(target + i * bytes, element.data(), bytes);
  }
}

template <std::size_t bytes>
void fillOfSize(const KernelArgument& argument, std::size_t first, std::size_t count, unsigned char* target) {
  const ElementType type = argument.type;
  const int bits = exactBits(type);
  if (argument.fill == Fill::Value) {
    for (std::size_t i = 0; i < count; ++i) std::memcpy(target + i * bytes, argument.value.data(), bytes);
  } else if (argument.fill == Fill::Iota) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    fillFrom<bytes>(type, 1, bits, first, count, target, [mask](std::uint64_t i) { return i & mask; });
  } else {
    // As many bits as the type holds exactly: rounding never reaches 1.
    const int kept = isFloat(type) ? bits : randomIntegerBits;
    fillFrom<bytes>(type, std::ldexp(1.0, -kept), kept, first, count, target,
                    [seed = argument.seed, kept](std::uint64_t i) { return randomBits(seed, i) >> (64 - kept); });
  }
}

template <typename Stored, typename ToDouble>
void sumElements(const unsigned char* source, std::size_t count, double& sum, std::size_t& nanCount,
                 ToDouble&& toDouble) {
  for (std::size_t i = 0; i < count; ++i) {
    Stored stored;
    std::memcpy(&stored, source + i * sizeof stored, sizeof stored);
    const double value = toDouble(stored);
    if (std::isnan(value)) {
      ++nanCount;
    } else {
      sum += value;
    }
  }
}

template <typename Value>
void sumElements(const unsigned char* source, std::size_t count, double& sum, std::size_t& nanCount) {
  sumElements<Value>(source, count, sum, nanCount, [](Value value) { return static_cast<double>(value); });
}

}  // namespace

void fillElements(const KernelArgument& argument, std::size_t first, std::size_t count, unsigned char* target) {
  switch (bytesOf(argument.type)) {
    case 1:
      return fillOfSize<1>(argument, first, count, target);
    case 2:
      return fillOfSize<2>(argument, first, count, target);
    case 4:
      return fillOfSize<4>(argument, first, count, target);
    default:
      return fillOfSize<8>(argument, first, count, target);
  }
}

void BufferSummary::add(const unsigned char* source, std::size_t count) {
  const std::size_t bytes = count * bytesOf(type_);
  for (std::size_t i = 0; i < bytes; ++i) hash_ = (hash_ ^ source[i]) * fnvPrime;
  switch (type_) {
    case ElementType::I8:
      return sumElements<std::int8_t>(source, count, sum_, nanCount_);
    case ElementType::U8:
      return sumElements<std::uint8_t>(source, count, sum_, nanCount_);
    case ElementType::I32:
      return sumElements<std::int32_t>(source, count, sum_, nanCount_);
    case ElementType::U32:
      return sumElements<std::uint32_t>(source, count, sum_, nanCount_);
    case ElementType::I64:
      return sumElements<std::int64_t>(source, count, sum_, nanCount_);
    case ElementType::U64:
      return sumElements<std::uint64_t>(source, count, sum_, nanCount_);
    case ElementType::F16:
      return sumElements<std::uint16_t>(source, count, sum_, nanCount_, halfValue);
    case ElementType::BF16:
      return sumElements<std::uint16_t>(source, count, sum_, nanCount_, bfloatValue);
    case ElementType::F32:
      return sumElements<float>(source, count, sum_, nanCount_);
    case ElementType::F64:
      return sumElements<double>(source, count, sum_, nanCount_);
  }
}

std::string BufferSummary::hash() const {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_));
  return text;
}

}  // namespace orion::gpu
