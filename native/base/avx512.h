// Functions for processors with AVX-512 and its byte permutations (Ice Lake, Zen 4 and later).
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)
#define ORION_HAS_AVX512 1

// GCC 12 warns of its own header (bug 105593): of registers that an instruction overwrites whole.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#pragma GCC diagnostic pop

/** Before a function: it may use those instructions; to be called only where `hasAvx512()`. */
#define ORION_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,bmi2,popcnt")))
#define ORION_INLINED_AVX512 ORION_AVX512 inline __attribute__((always_inline))

namespace orion {

inline bool hasAvx512() {
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("bmi2");
}

}  // namespace orion
#else
namespace orion {

inline bool hasAvx512() { return false; }

}  // namespace orion
#endif
