#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/cpu_time.h"
#include "storage/reader.h"

namespace orion::storage {

using Readers = std::vector<std::unique_ptr<Reader>>;

/** What is known of a run beside what its readers counted. */
struct Run {
  std::int64_t rampNs = 0;
  std::optional<bool> steady;  // nothing where no steady state was asked for
  CpuTime ringWorkers;         // within the window
  std::optional<std::string> failure;
};

/** Lets each reader read in a thread of its own until time or bytes are spent, or a read fails; opens the window. */
Run run(const Readers& readers, Session& session);

/** Of all reads since the beginning, rounded up to the alignment. */
std::uint64_t readBytes(const Readers& readers);

}  // namespace orion::storage
