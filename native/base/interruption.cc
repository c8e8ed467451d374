#include "base/interruption.h"

#include <atomic>

namespace orion {
namespace {

std::atomic<bool> interrupted{false};

}  // namespace

void interrupt() { interrupted = true; }

bool isInterrupted() { return interrupted; }

}  // namespace orion
