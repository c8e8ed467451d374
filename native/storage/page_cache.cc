#include "storage/page_cache.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.h"
#include "base/interruption.h"
#include "storage/target.h"

namespace orion::storage {
namespace {

FileDescriptor openFile(const std::string& path) { return openTarget(inspectTarget(path), false); }

void requireDevice(const FileDescriptor& file, const std::string& path) {
  if (!liesInMemory(file)) return;
  throw Error(ErrorCode::BadInput,
              path + " lies in memory (tmpfs), so it cannot be read from a device: put the data on a disk.");
}

}  // namespace

void dropFromCache(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (isInterrupted()) return;
    const FileDescriptor file = openFile(path);
    requireDevice(file, path);
    // Pages that are not written cannot be dropped. Unlike fsync this does not flush the device's own cache, which
    // would cost milliseconds a file.
    sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  }
}

void bringIntoCache(const std::vector<std::string>& paths) {
  std::array<char, 1 << 16> content;
  for (const std::string& path : paths) {
    const FileDescriptor file = openFile(path);
    posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    ssize_t count = 1;
    while (count > 0 && !isInterrupted()) {
      count = read(file.get(), content.data(), content.size());
      if (count < 0 && errno == EINTR) count = 1;
    }
    if (count < 0) throw systemError("Reading " + path + " failed", errno);
  }
}

void dropRange(int file, std::uint64_t start, std::uint64_t bytes) {
  // The kernel drops whole pages only: those at the ends of the range must lie within it.
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t first = start / page * page;
  const std::uint64_t end = (start + bytes + page - 1) / page * page;
  posix_fadvise(file, static_cast<off_t>(first), static_cast<off_t>(end - first), POSIX_FADV_DONTNEED);
}

}  // namespace orion::storage
