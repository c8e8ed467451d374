#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gpu/gpu.h"

namespace orion::tools {

/** What the command line asks for. */
struct Settings {
  std::string device = "0";
  std::string suite = "quick";
  std::vector<std::string> cases;
  double timeSeconds = 15;
  double sampledSeconds = 0.5;
  double timeoutSeconds = 10;
  std::optional<gpu::Mode> mode;
  std::string out;
  bool list = false;
  gpu::UserKernelRequest kernel;
};

/** Throws BadInput with one sentence, for an unknown option with the usage. */
Settings parseSettings(int count, char** words);

}  // namespace orion::tools
