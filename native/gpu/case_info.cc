#include "gpu/case_info.h"

namespace orion::gpu {

const char* nameOf(Mode mode) {
  switch (mode) {
    case Mode::Cold:
      return "cold";
    case Mode::Hot:
      return "hot";
    case Mode::Graph:
      return "graph";
    case Mode::Host:
      return "host";
  }
  return "cold";
}

std::optional<Mode> modeNamed(const std::string& name) {
  for (const Mode mode : {Mode::Cold, Mode::Hot, Mode::Graph, Mode::Host}) {
    if (name == nameOf(mode)) return mode;
  }
  return std::nullopt;
}

}  // namespace orion::gpu
