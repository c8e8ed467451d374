#include "base/error.h"
#include "storage/engine.h"

namespace orion::storage {
namespace {

std::optional<std::string> noObstacle() { return std::nullopt; }

}  // namespace

const std::vector<EngineEntry>& engines() {
  static const std::vector<EngineEntry> all = {
      {"uring", makeUring, uringObstacle, false},
      {"psync", makePsync, noObstacle, true},
      {"null", makeNull, noObstacle, false},
  };
  return all;
}

const EngineEntry& chooseEngine(const std::string& name) {
  for (const EngineEntry& entry : engines()) {
    if (name != "auto" && name != entry.name) continue;
    const auto obstacle = entry.obstacle();
    if (!obstacle) return entry;
    if (name == entry.name) {
      throw Error(ErrorCode::MissingEngine, "The storage engine " + name + " cannot be used here: " + *obstacle + ".");
    }
  }
  throw Error(ErrorCode::BadInput, "There is no storage engine '" + name + "': choose auto, uring, psync or null.");
}

}  // namespace orion::storage
