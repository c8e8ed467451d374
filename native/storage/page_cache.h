#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace orion::storage {

/**
 * Makes whole files leave the page cache: what is not written yet is written first. Needs no privileges. Throws
 * BadInput where a file cannot be read or lies in memory (tmpfs).
 */
void dropFromCache(const std::vector<std::string>& paths);

/** Reads whole files, so that they are in the page cache. Throws BadInput where one cannot be read. */
void bringIntoCache(const std::vector<std::string>& paths);

/** Drops the pages of an open file that a range touches; those that were never written stay. */
void dropRange(int file, std::uint64_t start, std::uint64_t bytes);

}  // namespace orion::storage
