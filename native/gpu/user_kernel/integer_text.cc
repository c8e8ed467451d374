#include "gpu/user_kernel/integer_text.h"

#include <charconv>
#include <limits>

namespace orion::gpu {
namespace {

/** Power of two that a suffix stands for; 0 where there is none. */
int shiftOf(const std::string& text) {
  if (text.size() < 2 || text.back() != 'i') return 0;
  switch (text[text.size() - 2]) {
    case 'K':
      return 10;
    case 'M':
      return 20;
    case 'G':
      return 30;
    default:
      return 0;
  }
}

}  // namespace

std::optional<std::uint64_t> unsignedOf(const std::string& text) {
  const bool isHex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const char* const end = text.data() + text.size();
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data() + (isHex ? 2 : 0), end, value, isHex ? 16 : 10);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> countOf(const std::string& text) {
  const int shift = shiftOf(text);
  const std::optional<std::uint64_t> value = unsignedOf(shift == 0 ? text : text.substr(0, text.size() - 2));
  if (!value || *value > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return *value << shift;
}

}  // namespace orion::gpu
