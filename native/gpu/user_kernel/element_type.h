// The types that arguments of a user's kernel have. No CUDA here: what a file of text says is tested without a device.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace orion::gpu {

enum class ElementType { I8, U8, I32, U32, I64, U64, F16, BF16, F32, F64 };

constexpr std::array<ElementType, 10> elementTypes{
    ElementType::I8,  ElementType::U8,  ElementType::I32,  ElementType::U32, ElementType::I64,
    ElementType::U64, ElementType::F16, ElementType::BF16, ElementType::F32, ElementType::F64};

/** "i8", "bf16", ... */
const char* nameOf(ElementType type);
std::size_t bytesOf(ElementType type);
bool isFloat(ElementType type);

/** The bytes of one element as they lie in memory; those past its size are 0. */
using ElementBytes = std::array<unsigned char, 8>;

/** @param value rounded to the nearest of a floating-point type (half to even; too large: infinity) */
ElementBytes encodeFloat(double value, ElementType type);
/** The lowest bytes of the two's complement. */
ElementBytes encodeInteger(std::uint64_t twosComplement);

/** IEEE 754 half precision and bfloat16, rounded to nearest, half to even. */
std::uint16_t halfBits(double value);
std::uint16_t bfloatBits(double value);
double halfValue(std::uint16_t bits);
double bfloatValue(std::uint16_t bits);

}  // namespace orion::gpu
