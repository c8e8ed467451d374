#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file_descriptor.h"

namespace orion::storage {

/** How a loader's reads go about the page cache. */
struct ReadPolicy {
  /** Bytes of one read call. */
  std::size_t chunkBytes = 0;
  /** What is announced is read by the kernel meanwhile. */
  bool readsAhead = false;
  /** The kernel reads nothing beyond what is asked for (POSIX_FADV_RANDOM). */
  bool exact = false;
  /** Nothing of a sample is in the cache before it is read. */
  bool dropsBefore = false;
  /** Nothing of a sample is left in the cache after it was read. */
  bool dropsAfter = false;
};

/** A whole file, or a range of one. */
struct Sample {
  std::string path;
  struct Range {
    std::uint64_t start;
    std::uint64_t bytes;
  };
  std::optional<Range> range;
};

/** Reads samples, one after the other. Serves one thread. */
class SampleReader {
 public:
  explicit SampleReader(const ReadPolicy& policy) : policy_(policy) {}

  /**
   * This sample is read soon. A hint: announcing too many, or one that cannot be read, does no harm. Files that are
   * read in ranges stay open.
   */
  void announce(const Sample& sample);

  /**
   * Reads a sample into memory, if it has room for all of it. Returns its bytes. Throws BadInput where it is no
   * readable regular file, Io where a read fails or the file has become shorter than the range.
   */
  std::size_t read(const Sample& sample, char* into, std::size_t room);

 private:
  struct Opened {
    std::string path;
    FileDescriptor file;
    std::uint64_t bytes = 0;
  };

  static Opened open(const std::string& path);
  Opened& rangedFile(const std::string& path);
  /** The file as it was announced, or as it is now. */
  Opened takeWhole(const std::string& path);
  std::size_t readRange(const Opened& opened, std::uint64_t start, std::uint64_t bytes, char* into) const;

  ReadPolicy policy_;
  /** Whole files that are announced, the oldest first. */
  std::vector<Opened> announced_;
  std::vector<Opened> rangedFiles_;
};

}  // namespace orion::storage
