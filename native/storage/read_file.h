#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace orion::storage {

/**
 * Reads a regular file whole, in chunks.
 * @param dropCache POSIX_FADV_RANDOM (no read-ahead) before, POSIX_FADV_DONTNEED before and after: the read comes from
 *   the device and leaves nothing in the page cache
 * Throws BadInput if it is not a readable regular file, Io if a read fails.
 */
std::vector<char> readFile(const std::string& path, std::size_t chunkBytes, bool dropCache);

}  // namespace orion::storage
