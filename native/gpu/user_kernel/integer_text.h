#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace orion::gpu {

/** Decimal or 0x hexadecimal, no sign; nothing where it is not one or does not fit 64 bits. */
std::optional<std::uint64_t> unsignedOf(const std::string& text);

/** Likewise with an optional suffix Ki, Mi or Gi: "4Ki" is 4096. */
std::optional<std::uint64_t> countOf(const std::string& text);

}  // namespace orion::gpu
