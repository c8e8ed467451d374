#pragma once

/**
 * Before a function: compiled once for AVX2 and once for any x86-64, chosen when the program is loaded. Both round
 * alike (no fused multiply-add), so results don't depend on the processor.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ORION_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define ORION_VECTOR_CLONES
#endif
