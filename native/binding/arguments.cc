#include "binding/arguments.h"

#include <cmath>
#include <utility>

#include "base/error.h"

namespace orion::binding {
namespace {

constexpr std::int64_t largestSafeInteger = (std::int64_t{1} << 53) - 1;

/** The value as a user would write it, shortened. */
std::string shown(const Napi::Value& value) {
  if (value.IsUndefined()) return "missing";
  if (value.IsString()) {
    std::string text = value.As<Napi::String>().Utf8Value();
    if (text.size() > 60) text = text.substr(0, 57) + "...";
    return "'" + text + "'";
  }
  if (value.IsTypedArray()) return "another kind of typed array";
  if (value.IsArray()) return "an array";
  if (value.IsObject()) return "an object";
  if (value.IsSymbol()) return "a symbol";
  return value.ToString().Utf8Value();
}

bool isIntegerIn(const Napi::Value& value, std::int64_t minimum, std::int64_t maximum) {
  if (!value.IsNumber()) return false;
  const double number = value.As<Napi::Number>().DoubleValue();
  return number == std::floor(number) && number >= static_cast<double>(minimum) &&
         number <= static_cast<double>(maximum);
}

std::string range(std::int64_t minimum, std::int64_t maximum) {
  if (maximum >= largestSafeInteger) return "an integer of at least " + std::to_string(minimum);
  return "an integer from " + std::to_string(minimum) + " to " + std::to_string(maximum);
}

std::string plain(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::int64_t checkedInteger(const std::string& function, const Napi::Value& value, const char* name,
                            std::int64_t minimum, std::int64_t maximum) {
  if (!isIntegerIn(value, minimum, maximum)) rejectArgument(function, name, range(minimum, maximum), value);
  return value.As<Napi::Number>().Int64Value();
}

template <typename TypedArray>
TypedArray checkedArray(const std::string& function, const Napi::Value& value, const char* name,
                        napi_typedarray_type type, const char* typeName) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
    rejectArgument(function, name, typeName, value);
  }
  return value.As<TypedArray>();
}

std::string checkedText(const std::string& function, const Napi::Value& value, const char* name) {
  if (!value.IsString()) rejectArgument(function, name, "a string", value);
  return value.As<Napi::String>().Utf8Value();
}

std::vector<std::string> checkedTexts(const std::string& function, const Napi::Value& value, const char* name,
                                      std::uint32_t least) {
  const char* expected = least == 0 ? "an array of non-empty strings" : "an array of at least one non-empty string";
  if (!value.IsArray() || value.As<Napi::Array>().Length() < least) rejectArgument(function, name, expected, value);
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> result;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value item = array.Get(i);
    if (!item.IsString()) rejectArgument(function, name, expected, item);
    result.push_back(item.As<Napi::String>().Utf8Value());
    if (result.back().empty()) rejectArgument(function, name, expected, item);
  }
  return result;
}

}  // namespace

void rejectArgument(const std::string& function, const std::string& name, const std::string& expected,
                    const Napi::Value& value) {
  throw Error(ErrorCode::BadInput,
              function + ": " + name + " must be " + expected + ", but it is " + shown(value) + ".");
}

Napi::Object Arguments::options(std::size_t position, const char* name) const {
  const Napi::Value value = info_[position];
  if (!value.IsObject() || value.IsArray() || value.IsFunction()) reject(name, "an object", value);
  return value.As<Napi::Object>();
}

std::int64_t Arguments::integer(const Napi::Object& from, const char* name, std::int64_t minimum,
                                std::int64_t maximum) const {
  return checkedInteger(function_, from.Get(name), name, minimum, maximum);
}

double Arguments::number(const Napi::Object& from, const char* name, double minimum, double maximum) const {
  const Napi::Value value = from.Get(name);
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!std::isfinite(number) || number < minimum || number > maximum) {
    reject(name, "a number from " + plain(minimum) + " to " + plain(maximum), value);
  }
  return number;
}

bool Arguments::boolean(const Napi::Object& from, const char* name) const {
  const Napi::Value value = from.Get(name);
  if (!value.IsBoolean()) reject(name, "true or false", value);
  return value.As<Napi::Boolean>().Value();
}

std::string Arguments::oneOf(const Napi::Object& from, const char* name,
                             const std::vector<std::string>& choices) const {
  const Napi::Value value = from.Get(name);
  const std::string given = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  std::string listed;
  for (const std::string& choice : choices) {
    if (value.IsString() && choice == given) return choice;
    listed += (listed.empty() ? "" : ", ") + choice;
  }
  reject(name, "one of " + listed, value);
}

std::string Arguments::text(const Napi::Object& from, const char* name) const {
  return checkedText(function_, from.Get(name), name);
}

std::vector<std::string> Arguments::texts(const Napi::Object& from, const char* name, std::uint32_t least) const {
  return checkedTexts(function_, from.Get(name), name, least);
}

std::int64_t Arguments::integer(std::size_t position, const char* name, std::int64_t minimum,
                                std::int64_t maximum) const {
  return checkedInteger(function_, info_[position], name, minimum, maximum);
}

std::string Arguments::text(std::size_t position, const char* name) const {
  return checkedText(function_, info_[position], name);
}

std::vector<int> Arguments::integers(std::size_t position, const char* name, int minimum, int maximum) const {
  const Napi::Value value = info_[position];
  const std::string expected =
      "an array of at least one integer from " + std::to_string(minimum) + " to " + std::to_string(maximum);
  if (!value.IsArray() || value.As<Napi::Array>().Length() == 0) reject(name, expected, value);
  const auto array = value.As<Napi::Array>();
  std::vector<int> result;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value item = array.Get(i);
    if (!isIntegerIn(item, minimum, maximum)) reject(name, expected, item);
    result.push_back(item.As<Napi::Number>().Int32Value());
  }
  return result;
}

Napi::Float32Array Arguments::float32Array(const Napi::Object& from, const char* name) const {
  return checkedArray<Napi::Float32Array>(function_, from.Get(name), name, napi_float32_array, "a Float32Array");
}

Napi::Uint8Array Arguments::bytes(std::size_t position, const char* name) const {
  return checkedArray<Napi::Uint8Array>(function_, info_[position], name, napi_uint8_array, "a Uint8Array");
}

std::vector<std::string> Arguments::texts(std::size_t position, const char* name) const {
  return checkedTexts(function_, info_[position], name, 1);
}

Napi::Float32Array Arguments::float32Array(std::size_t position, const char* name) const {
  return checkedArray<Napi::Float32Array>(function_, info_[position], name, napi_float32_array, "a Float32Array");
}

Napi::Float64Array Arguments::float64Array(std::size_t position, const char* name) const {
  return checkedArray<Napi::Float64Array>(function_, info_[position], name, napi_float64_array, "a Float64Array");
}

}  // namespace orion::binding
