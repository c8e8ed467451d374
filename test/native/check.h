// A small test harness: CASE registers a named case, CHECK* compare, skip() waives with a reason.
// CMake finds the cases by the lines that begin with CASE(name) and registers each with ctest.
#pragma once

#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "base/error.h"

namespace check {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/** Ends the case as waived: this machine lacks what it needs. */
[[noreturn]] inline void skip(const std::string& reason) { throw Skip(reason); }

std::map<std::string, std::function<void()>>& cases();

struct Registration {
  Registration(const char* name, void (*body)()) { cases()[name] = body; }
};

[[noreturn]] inline void fail(const char* file, int line, const std::string& what) {
  throw Failure(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

template <typename A, typename B>
void equal(const char* file, int line, const char* text, const A& actual, const B& expected) {
  if (actual == expected) return;
  std::ostringstream words;
  words << text << " is " << actual << ", expected " << expected;
  fail(file, line, words.str());
}

inline void near(const char* file, int line, const char* text, double actual, double expected, double tolerance) {
  if (std::abs(actual - expected) <= tolerance) return;
  std::ostringstream words;
  words.precision(17);
  words << text << " is " << actual << ", expected " << expected << " within " << tolerance;
  fail(file, line, words.str());
}

/** The sentence of the orion::Error that `work` throws with this code. */
template <typename Work>
std::string sentenceOf(const char* file, int line, orion::ErrorCode code, Work&& work) {
  try {
    work();
  } catch (const orion::Error& error) {
    if (error.code() != code) {
      fail(file, line, std::string("code is ") + nameOf(error.code()) + ": " + error.what());
    }
    return error.what();
  }
  fail(file, line, std::string("nothing was thrown, expected ") + nameOf(code));
}

}  // namespace check

#define CASE(name)                                                          \
  static void case_##name();                                                \
  static const check::Registration registration_##name(#name, case_##name); \
  static void case_##name()

#define CHECK(condition) \
  if (!(condition)) check::fail(__FILE__, __LINE__, #condition)
#define CHECK_EQUAL(actual, expected) check::equal(__FILE__, __LINE__, #actual, actual, expected)
#define CHECK_NEAR(actual, expected, tolerance) check::near(__FILE__, __LINE__, #actual, actual, expected, tolerance)
#define SENTENCE_OF(code, ...) check::sentenceOf(__FILE__, __LINE__, orion::ErrorCode::code, [&] { __VA_ARGS__; })
