#pragma once

/**
 * Before a function: compiled for several generations of x86-64, chosen when the program is loaded. All round alike
 * (no fused multiply-add: the engine is compiled with -ffp-contract=off), so results don't depend on the processor.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ORION_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
/** For code in vectors of 64 bytes. */
#define ORION_WIDE_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define ORION_VECTOR_CLONES
#define ORION_WIDE_CLONES
#endif
