#pragma once

#include <cstddef>

#include "host/rate.h"

namespace orion::host {

/**
 * Streaming copy between two arrays of `bytes` each, shared out among the threads; read and written bytes both count
 * (as STREAM's Copy, McCalpin 1995). The copy is the C library's, which bypasses the caches for arrays beyond them.
 * Throws Io if the copy differs from the original.
 */
Rate copyBandwidth(unsigned threads, std::size_t bytes, double durationMs);

}  // namespace orion::host
