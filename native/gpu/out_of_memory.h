#pragma once

#include <cstddef>
#include <string>

namespace orion::gpu {

/** Throws Io after an allocation that failed for want of memory: what was asked for, by whom, and what is free. */
[[noreturn]] void throwOutOfMemory(const std::string& owner, std::size_t bytes);

}  // namespace orion::gpu
