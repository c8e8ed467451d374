#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <string>

/** A file with the given content in the working directory (a real disk when ctest runs it), removed at the end. */
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    const int descriptor = mkstemp(path_);
    if (descriptor >= 0) close(descriptor);
    std::ofstream(path_, std::ios::binary) << content;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { unlink(path_); }

  std::string path() const { return path_; }

 private:
  char path_[32] = "./orion-test-XXXXXX";
};

/** `bytes` bytes of which no two blocks are alike. */
inline std::string distinctContent(std::size_t bytes) {
  std::string content(bytes, '\0');
  for (std::size_t i = 0; i < bytes; ++i) content[i] = static_cast<char>((i * 2654435761u) >> 13);
  return content;
}
