// The number formats that tensor cores take in.
#pragma once

#include <cstddef>

#ifdef __CUDACC__
#define ORION_HOST_DEVICE __host__ __device__
#else
#define ORION_HOST_DEVICE
#endif

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

/** @return whether code for the architecture (e.g. 75) has mma.sync for these. */
ORION_HOST_DEVICE constexpr bool hasMma(Precision precision, int architecture) {
  if (precision == Precision::Fp16 || precision == Precision::Int8) return architecture >= 75;
  return precision != Precision::Fp32 && architecture >= 80;
}

}  // namespace orion::gpu

#undef ORION_HOST_DEVICE
