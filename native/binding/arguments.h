// Argument checks. Every bad argument gets one sentence of the same shape, with code BAD_INPUT:
//   storage.measure: depth must be an integer from 1 to 4096, but it is 'x'.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace orion::binding {

/** Throws the sentence: "<function>: <name> must be <expected>, but it is <value>." */
[[noreturn]] void rejectArgument(const std::string& function, const std::string& name, const std::string& expected,
                                 const Napi::Value& value);

/** Reads the properties of an options object, or arguments by position, checking each. */
class Arguments {
 public:
  /** @param function as JavaScript knows it, e.g. "storage.measure" */
  Arguments(const Napi::CallbackInfo& info, std::string function) : info_(info), function_(std::move(function)) {}

  /** The options object at a position; throws if it is none. The readers below with `name` read its properties. */
  Napi::Object options(std::size_t position, const char* name = "options") const;

  std::int64_t integer(const Napi::Object& from, const char* name, std::int64_t minimum, std::int64_t maximum) const;
  /** A finite number in [minimum, maximum]. */
  double number(const Napi::Object& from, const char* name, double minimum, double maximum) const;
  bool boolean(const Napi::Object& from, const char* name) const;
  Napi::Float32Array float32Array(const Napi::Object& from, const char* name) const;
  std::string oneOf(const Napi::Object& from, const char* name, const std::vector<std::string>& choices) const;
  std::string text(const Napi::Object& from, const char* name) const;
  /** At least so many strings, none of them empty. */
  std::vector<std::string> texts(const Napi::Object& from, const char* name, std::uint32_t least = 1) const;

  /** Positional arguments. */
  std::int64_t integer(std::size_t position, const char* name, std::int64_t minimum, std::int64_t maximum) const;
  std::string text(std::size_t position, const char* name) const;
  std::vector<int> integers(std::size_t position, const char* name, int minimum, int maximum) const;
  bool has(std::size_t position) const { return position < info_.Length() && !info_[position].IsUndefined(); }
  Napi::Uint8Array bytes(std::size_t position, const char* name) const;
  std::vector<std::string> texts(std::size_t position, const char* name) const;
  Napi::Float32Array float32Array(std::size_t position, const char* name) const;
  Napi::Float64Array float64Array(std::size_t position, const char* name) const;

  [[noreturn]] void reject(const std::string& name, const std::string& expected, const Napi::Value& value) const {
    rejectArgument(function_, name, expected, value);
  }

 private:
  const Napi::CallbackInfo& info_;
  std::string function_;
};

}  // namespace orion::binding
