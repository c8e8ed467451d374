#pragma once

#include <cstdint>

namespace orion::timing {

/** CLOCK_MONOTONIC_RAW in ns: not slewed by NTP while a measurement runs. */
std::int64_t monotonicNs();

}  // namespace orion::timing
