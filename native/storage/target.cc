#include "storage/target.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"

namespace orion::storage {
namespace {

const char* kindOf(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISCHR(mode)) return "a character device";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "something else";
}

std::uint64_t deviceBytes(const FileDescriptor& device, const std::string& path) {
  std::uint64_t bytes = 0;
  if (ioctl(device.get(), BLKGETSIZE64, &bytes) != 0) throw unreadable(path, errno);
  return bytes;
}

/** What the kernel says about O_DIRECT on this file; nothing before Linux 6.1. `offset` 0 means: not supported. */
struct DirectLimits {
  std::uint32_t memory;
  std::uint32_t offset;
};

std::optional<DirectLimits> directLimits(const FileDescriptor& file) {
  // Layout of struct statx in linux/stat.h; build machines may have headers older than the running kernel.
  constexpr unsigned statxDioAlign = 0x2000;
  constexpr std::size_t memoryAlignAt = 0x98;
  constexpr std::size_t offsetAlignAt = 0x9c;
  unsigned char answer[256] = {};
  if (syscall(SYS_statx, file.get(), "", AT_EMPTY_PATH, statxDioAlign, answer) != 0) return std::nullopt;
  std::uint32_t mask = 0;
  std::memcpy(&mask, answer, sizeof mask);
  if ((mask & statxDioAlign) == 0) return std::nullopt;
  DirectLimits limits{};
  std::memcpy(&limits.memory, answer + memoryAlignAt, sizeof limits.memory);
  std::memcpy(&limits.offset, answer + offsetAlignAt, sizeof limits.offset);
  return limits;
}

Error withoutDirect(const std::string& path) {
  return Error(ErrorCode::BadInput,
               path + " lies on a file system without O_DIRECT: measure it buffered, through the page cache.");
}

}  // namespace

Error unreadable(const std::string& path, int errorNumber) {
  return Error(ErrorCode::BadInput, systemError("Cannot read " + path, errorNumber).what() + std::string("."));
}

Target inspectTarget(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) throw unreadable(path, errno);
  if (!S_ISREG(facts.st_mode) && !S_ISBLK(facts.st_mode)) {
    throw Error(ErrorCode::BadInput,
                path + " is " + kindOf(facts.st_mode) + ": only regular files and block devices can be measured.");
  }
  Target target;
  target.path = path;
  target.isBlockDevice = S_ISBLK(facts.st_mode);
  target.device = target.isBlockDevice ? facts.st_rdev : facts.st_dev;
  target.bytes = static_cast<std::uint64_t>(facts.st_size);
  if (target.isBlockDevice) target.bytes = deviceBytes(openTarget(target, false), path);
  return target;
}

FileDescriptor openTarget(const Target& target, bool direct) {
  FileDescriptor file(open(target.path.c_str(), O_RDONLY | O_CLOEXEC | (direct ? O_DIRECT : 0)));
  if (file.get() < 0) {
    if (direct && errno == EINVAL) throw withoutDirect(target.path);
    throw unreadable(target.path, errno);
  }
  // Linux 6.6 and later accept O_DIRECT there, and serve the reads from memory all the same.
  if (direct && !target.isBlockDevice && liesInMemory(file)) throw withoutDirect(target.path);
  return file;
}

bool liesInMemory(const FileDescriptor& file) {
  struct statfs facts {};
  return fstatfs(file.get(), &facts) == 0 && (facts.f_type == TMPFS_MAGIC || facts.f_type == RAMFS_MAGIC);
}

std::uint32_t directAlignment(const FileDescriptor& file, const Target& target) {
  if (const auto limits = directLimits(file)) {
    if (limits->offset == 0) throw withoutDirect(target.path);
    return std::max(limits->memory, limits->offset);
  }
  int logicalBlockBytes = 0;
  if (target.isBlockDevice && ioctl(file.get(), BLKSSZGET, &logicalBlockBytes) == 0 && logicalBlockBytes > 0) {
    return static_cast<std::uint32_t>(logicalBlockBytes);
  }
  return 4096;
}

dev_t deviceUnder(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0) throw unreadable(path, errno);
  return facts.st_dev;
}

std::optional<std::uint64_t> deviceReadBytes(dev_t device) {
  std::ifstream file("/sys/dev/block/" + std::to_string(major(device)) + ":" + std::to_string(minor(device)) + "/stat");
  std::uint64_t reads = 0;
  std::uint64_t merged = 0;
  std::uint64_t sectors = 0;
  if (!(file >> reads >> merged >> sectors)) return std::nullopt;
  return sectors * 512;  // a sector of this file is 512 bytes, whatever the device's
}

}  // namespace orion::storage
