#include "storage/request.h"

#include <algorithm>

namespace orion::storage {

void Series::add(std::size_t interval, std::uint64_t readBytes, std::uint64_t readOperations) {
  if (interval >= bytes.size()) {
    bytes.resize(interval + 1);
    operations.resize(interval + 1);
  }
  bytes[interval] += readBytes;
  operations[interval] += readOperations;
}

void Series::merge(const Series& other) {
  for (std::size_t i = 0; i < other.bytes.size(); ++i) add(i, other.bytes[i], other.operations[i]);
}

}  // namespace orion::storage
