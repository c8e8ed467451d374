#include "storage/process_io.h"

#include <fstream>
#include <string>

namespace orion::storage {

std::optional<std::uint64_t> processReadBytes() {
  std::ifstream file("/proc/self/io");
  std::string name;
  std::uint64_t value = 0;
  while (file >> name >> value) {
    if (name == "read_bytes:") return value;
  }
  return std::nullopt;
}

}  // namespace orion::storage
