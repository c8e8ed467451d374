#pragma once

#include <string>

#include "base/error.h"
#include "gpu/case.h"

namespace orion::gpu {

/** Stands for all cases of a library that is not there: skipped, with the reason, so that the record tells. */
inline Case absentLibrary(const std::string& name, const std::string& reason, bool quick) {
  CaseInfo info;
  info.name = name;
  info.group = "library";
  info.description = "what needs this library";
  info.quick = quick;
  return {info, [reason]() -> std::unique_ptr<Kernel> { throw Error(ErrorCode::MissingEngine, "gpu: " + reason); }};
}

}  // namespace orion::gpu
