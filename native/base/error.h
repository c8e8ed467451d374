// The one exception that engines throw: a sentence for the user and a code that the binding hands to JavaScript.
#pragma once

#include <stdexcept>
#include <string>

namespace orion {

enum class ErrorCode { BadInput, MissingDevice, MissingEngine, Io };

/** The code as JavaScript sees it (`error.code`), e.g. "BAD_INPUT". */
const char* nameOf(ErrorCode code);

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

/** An Io error that ends with the system's own words: "cannot open /x: Permission denied". */
Error systemError(const std::string& what, int errorNumber);

}  // namespace orion
