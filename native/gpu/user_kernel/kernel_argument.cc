#include "gpu/user_kernel/kernel_argument.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>

#include "base/error.h"
#include "gpu/user_kernel/integer_text.h"

namespace orion::gpu {
namespace {

/** No device has more (2^47 bytes of addresses). */
constexpr std::uint64_t largestBufferBytes = std::uint64_t{1} << 47;

std::vector<std::string> splitAtColons(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t end; (end = text.find(':', start)) != std::string::npos; start = end + 1) {
    parts.push_back(text.substr(start, end - start));
  }
  parts.push_back(text.substr(start));
  return parts;
}

std::optional<ElementType> typeNamed(const std::string& name) {
  const auto found =
      std::find_if(elementTypes.begin(), elementTypes.end(), [&](ElementType type) { return name == nameOf(type); });
  return found == elementTypes.end() ? std::nullopt : std::optional(*found);
}

std::string listOfTypes() {
  std::string list;
  for (const ElementType type : elementTypes) {
    if (!list.empty()) list += type == elementTypes.back() ? " or " : ", ";
    list += nameOf(type);
  }
  return list;
}

struct IntegerRange {
  std::int64_t lowest;
  std::uint64_t highest;
};

IntegerRange rangeOf(ElementType type) {
  switch (type) {
    case ElementType::I8:
      return {-128, 127};
    case ElementType::U8:
      return {0, 255};
    case ElementType::I32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case ElementType::U32:
      return {0, std::numeric_limits<std::uint32_t>::max()};
    case ElementType::I64:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    default:
      return {0, std::numeric_limits<std::uint64_t>::max()};
  }
}

std::optional<ElementBytes> integerFrom(const std::string& text, ElementType type) {
  const bool isNegative = text.size() > 1 && text[0] == '-';
  const std::optional<std::uint64_t> magnitude = unsignedOf(isNegative ? text.substr(1) : text);
  const IntegerRange range = rangeOf(type);
  // 0 - x in unsigned arithmetic is the magnitude of a negative x, of the lowest int64 too.
  const std::uint64_t limit = isNegative ? 0 - static_cast<std::uint64_t>(range.lowest) : range.highest;
  if (!magnitude || *magnitude > limit) return std::nullopt;
  ElementBytes bytes = encodeInteger(isNegative ? 0 - *magnitude : *magnitude);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(bytesOf(type)), bytes.end(), 0);
  return bytes;
}

bool isFiniteIn(ElementType type, double value) {
  switch (type) {
    case ElementType::F16:
      return std::isfinite(halfValue(halfBits(value)));
    case ElementType::BF16:
      return std::isfinite(bfloatValue(bfloatBits(value)));
    case ElementType::F32:
      return std::isfinite(static_cast<float>(value));
    default:
      return std::isfinite(value);
  }
}

std::optional<ElementBytes> floatFrom(const std::string& text, ElementType type) {
  if (text.empty() || std::isspace(static_cast<unsigned char>(text[0]))) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end != text.c_str() + text.size()) return std::nullopt;
  const bool namesInfinity = text.find_first_of("iI") != std::string::npos;
  const bool fits = std::isnan(value) || (std::isinf(value) && namesInfinity) || isFiniteIn(type, value);
  return fits ? std::optional(encodeFloat(value, type)) : std::nullopt;
}

std::optional<ElementBytes> valueFrom(const std::string& text, ElementType type) {
  return isFloat(type) ? floatFrom(text, type) : integerFrom(text, type);
}

std::string expectedValue(ElementType type) {
  switch (type) {
    case ElementType::F16:
      return "a number up to 65504 in size, nan or inf";
    case ElementType::BF16:
    case ElementType::F32:
      return "a number up to 3.4e38 in size, nan or inf";
    case ElementType::F64:
      return "a number, nan or inf";
    default: {
      const IntegerRange range = rangeOf(type);
      return "an integer from " + std::to_string(range.lowest) + " to " + std::to_string(range.highest);
    }
  }
}

/** Reads one argument; its sentences begin with where it stood and what it said. */
class ArgumentReader {
 public:
  ArgumentReader(const std::string& text, std::size_t position) : text_(text), position_(position) {}

  KernelArgument read() const {
    const std::vector<std::string> parts = splitAtColons(text_);
    return parts[0] == "buffer" ? buffer(parts) : scalar(parts);
  }

 private:
  KernelArgument scalar(const std::vector<std::string>& parts) const {
    const std::optional<ElementType> type = typeNamed(parts[0]);
    if (!type || parts.size() != 2) {
      refuse("TYPE:VALUE or buffer:TYPE:COUNT[:FILL] with a type of " + listOfTypes(), "i32:4096 or buffer:f32:16Mi");
    }
    const std::string example = std::string(nameOf(*type)) + (isFloat(*type) ? ":1.5" : ":64");
    return of(*type, requireValue(parts[1], *type, "", example));
  }

  KernelArgument buffer(const std::vector<std::string>& parts) const {
    if (parts.size() < 3 || parts.size() > 4) refuse("buffer:TYPE:COUNT[:FILL]", "buffer:f32:16Mi:random=7");
    const std::optional<ElementType> type = typeNamed(parts[1]);
    if (!type) refuse("a buffer's type of " + listOfTypes(), "buffer:f32:16Mi");
    KernelArgument argument = of(*type, {});
    argument.isBuffer = true;
    argument.count = requireCount(parts[2], *type);
    if (parts.size() == 4) setFill(argument, parts[3]);
    return argument;
  }

  KernelArgument of(ElementType type, const ElementBytes& value) const {
    KernelArgument argument;
    argument.text = text_;
    argument.type = type;
    argument.value = value;
    return argument;
  }

  std::size_t requireCount(const std::string& text, ElementType type) const {
    const std::optional<std::uint64_t> count = countOf(text);
    const std::uint64_t highest = largestBufferBytes / bytesOf(type);
    if (!count || *count == 0 || *count > highest) {
      refuse("a count of elements from 1 to " + std::to_string(highest) + ", which may end in Ki, Mi or Gi",
             std::string("buffer:") + nameOf(type) + ":16Mi");
    }
    return static_cast<std::size_t>(*count);
  }

  void setFill(KernelArgument& argument, const std::string& text) const {
    const std::string type = nameOf(argument.type);
    if (text == "random") return;
    if (text == "iota") {
      argument.fill = Fill::Iota;
    } else if (text.rfind("random=", 0) == 0) {
      const std::optional<std::uint64_t> seed = unsignedOf(text.substr(7));
      if (!seed) refuse("a seed from 0 to 18446744073709551615", "buffer:" + type + ":16Mi:random=7");
      argument.seed = *seed;
    } else {
      argument.fill = Fill::Value;
      argument.value = requireValue(text, argument.type, "iota, random, random=SEED or ", "buffer:" + type + ":16Mi:0");
    }
  }

  ElementBytes requireValue(const std::string& text, ElementType type, const std::string& otherwise,
                            const std::string& example) const {
    const std::optional<ElementBytes> value = valueFrom(text, type);
    if (!value) refuse(otherwise + expectedValue(type), example);
    return *value;
  }

  [[noreturn]] void refuse(const std::string& expected, const std::string& example) const {
    throw Error(ErrorCode::BadInput, "gpu: argument " + std::to_string(position_) + " of the kernel is '" + text_ +
                                         "'; expected " + expected + ", e.g. " + example + ".");
  }

  const std::string& text_;
  std::size_t position_;
};

}  // namespace

std::vector<KernelArgument> parseKernelArguments(const std::vector<std::string>& texts) {
  std::vector<KernelArgument> arguments;
  for (std::size_t i = 0; i < texts.size(); ++i) arguments.push_back(ArgumentReader(texts[i], i + 1).read());
  return arguments;
}

}  // namespace orion::gpu
