#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

namespace orion {

/** Writes one JSON text (RFC 8259), value by value; the caller opens and closes what belongs together. */
class JsonWriter {
 public:
  void openObject() { open('{'); }
  void closeObject() { close('}'); }
  void openArray() { open('['); }
  void closeArray() { close(']'); }
  void key(const std::string& name);

  void value(const std::string& text);
  void value(const char* text) { value(std::string(text)); }
  void value(bool truth) { raw(truth ? "true" : "false"); }
  /** The shortest text that reads back as the same number; null where it is not finite. */
  void value(double number);
  template <typename Integer, std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>, int> = 0>
  void value(Integer number) {
    raw(std::to_string(number));
  }
  void null() { raw("null"); }
  /** A value that is JSON already. */
  void rawValue(const std::string& json) { raw(json); }

  template <typename Value>
  void field(const std::string& name, const Value& content) {
    key(name);
    value(content);
  }

  const std::string& text() const { return text_; }

 private:
  void open(char bracket);
  void close(char bracket);
  void raw(const std::string& token);
  void separate();

  std::string text_;
  bool isFirst_ = true;  // nothing stands yet between the last bracket (or key) and the next value
};

}  // namespace orion
