#pragma once

#include <cstdint>
#include <optional>

namespace orion::storage {

/**
 * Bytes that the kernel has fetched from devices on behalf of this process (read_bytes of /proc/self/io, proc(5)); what
 * the page cache served is not among them. Nothing where the kernel does not count (CONFIG_TASK_IO_ACCOUNTING).
 */
std::optional<std::uint64_t> processReadBytes();

}  // namespace orion::storage
