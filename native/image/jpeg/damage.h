#pragma once

#include <string>

#include "base/error.h"

namespace orion::image::jpeg {

/** The file claims to be a JPEG and is not a whole one. */
inline Error damaged(const std::string& how) { return Error(ErrorCode::BadInput, "damaged JPEG: " + how); }

}  // namespace orion::image::jpeg
