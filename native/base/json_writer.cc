#include "base/json_writer.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace orion {
namespace {

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      result += '\\';
      result += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      char escape[7];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(letter));
      result += escape;
    } else {
      result += letter;
    }
  }
  return result + '"';
}

}  // namespace

void JsonWriter::key(const std::string& name) {
  separate();
  text_ += quoted(name) + ':';
  isFirst_ = true;
}

void JsonWriter::value(const std::string& text) { raw(quoted(text)); }

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  raw(std::string(digits, end));
}

void JsonWriter::open(char bracket) {
  separate();
  text_ += bracket;
  isFirst_ = true;
}

void JsonWriter::close(char bracket) {
  text_ += bracket;
  isFirst_ = false;
}

void JsonWriter::raw(const std::string& token) {
  separate();
  text_ += token;
  isFirst_ = false;
}

void JsonWriter::separate() {
  if (!isFirst_) text_ += ',';
}

}  // namespace orion
