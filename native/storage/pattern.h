#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/request.h"

namespace orion::storage {

/** A stretch of one file that is read front to back: a block, or with pattern 'files' the file whole. */
struct Item {
  std::size_t file = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/**
 * The order in which items are read: a pure function from a running number to an item, so that any number of threads
 * can draw numbers from one counter. Every round reads each item once; random and files shuffle each round anew.
 */
class Pattern {
 public:
  /** @param fileBytes size of each file; throws BadInput if all are empty */
  Pattern(PatternKind kind, const std::vector<std::uint64_t>& fileBytes, std::uint32_t blockBytes, std::uint64_t seed);

  std::uint64_t itemsPerRound() const { return firstItem_.back(); }
  Item item(std::uint64_t number) const;

 private:
  PatternKind kind_;
  std::vector<std::uint64_t> fileBytes_;
  std::uint64_t itemBytes_;
  std::uint64_t seed_;
  std::vector<std::uint64_t> firstItem_;  // [files + 1]: number of items in the files before
};

}  // namespace orion::storage
