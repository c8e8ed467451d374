#include "base/error.h"

#include <system_error>

namespace orion {

const char* nameOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::BadInput:
      return "BAD_INPUT";
    case ErrorCode::MissingDevice:
      return "MISSING_DEVICE";
    case ErrorCode::MissingEngine:
      return "MISSING_ENGINE";
    case ErrorCode::Io:
      return "IO";
  }
  return "IO";
}

Error systemError(const std::string& what, int errorNumber) {
  return Error(ErrorCode::Io, what + ": " + std::generic_category().message(errorNumber));
}

}  // namespace orion
