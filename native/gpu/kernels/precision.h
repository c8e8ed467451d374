// The number formats that tensor cores take in.
#pragma once

#include <cstddef>

namespace orion::gpu {

enum class Precision { Fp16, Bf16, Tf32, Int8, Fp32 };

constexpr const char* precisionName(Precision precision) {
  switch (precision) {
    case Precision::Fp16:
      return "fp16";
    case Precision::Bf16:
      return "bf16";
    case Precision::Tf32:
      return "tf32";
    case Precision::Int8:
      return "int8";
    default:
      return "fp32";
  }
}

/** Bytes of one element of an operand; tf32 lies in memory as fp32. */
constexpr std::size_t bytesOf(Precision precision) {
  switch (precision) {
    case Precision::Fp16:
    case Precision::Bf16:
      return 2;
    case Precision::Int8:
      return 1;
    default:
      return 4;
  }
}

}  // namespace orion::gpu
