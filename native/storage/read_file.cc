#include "storage/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "storage/target.h"

namespace orion::storage {
namespace {

/** One chunk, or less at the end of the file. */
std::size_t readChunk(const FileDescriptor& file, char* into, std::size_t bytes, const std::string& path) {
  for (;;) {
    const ssize_t count = read(file.get(), into, bytes);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw systemError("Reading " + path + " failed", errno);
  }
}

}  // namespace

std::vector<char> readFile(const std::string& path, std::size_t chunkBytes, bool dropCache) {
  const Target target = inspectTarget(path);
  if (target.isBlockDevice) {
    throw Error(ErrorCode::BadInput, path + " is a block device: only regular files can be read whole.");
  }
  const FileDescriptor file = openTarget(target, false);
  if (dropCache) {
    posix_fadvise(file.get(), 0, 0, POSIX_FADV_RANDOM);
    posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  }

  std::vector<char> content(target.bytes);
  std::size_t done = 0;
  while (done < content.size()) {
    const std::size_t wanted = std::min(chunkBytes, content.size() - done);
    const std::size_t count = readChunk(file, content.data() + done, wanted, path);
    if (count == 0) break;  // it has shrunk meanwhile: what is left is the file
    done += count;
  }
  content.resize(done);

  if (dropCache) posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  return content;
}

}  // namespace orion::storage
