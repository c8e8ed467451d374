#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/file_descriptor.h"

namespace orion::storage {

/** A regular file or block device that may be read. Nothing here opens for writing. */
struct Target {
  std::string path;
  std::uint64_t bytes = 0;
  dev_t device = 0;  // the block device itself, or the one that the file system is on
  bool isBlockDevice = false;
};

/** What the system says against a path, as bad input. */
Error unreadable(const std::string& path, int errorNumber);

/** Throws BadInput with one sentence for anything that is not a readable regular file or block device. */
Target inspectTarget(const std::string& path);

/** Opens with O_RDONLY, and O_DIRECT if asked. Throws BadInput where that is impossible. */
FileDescriptor openTarget(const Target& target, bool direct);

/** The file is kept by tmpfs or ramfs: no device is below it. */
bool liesInMemory(const FileDescriptor& file);

/**
 * Alignment that O_DIRECT asks of offsets, sizes and buffers: from statx(STATX_DIOALIGN) (Linux 6.1), else the logical
 * block size of a device, else 4096.
 */
std::uint32_t directAlignment(const FileDescriptor& file, const Target& target);

/** The device that a file or folder lies on. Throws BadInput where it cannot be reached. */
dev_t deviceUnder(const std::string& path);

/**
 * Bytes that the block device has read since boot, from /sys/dev/block/MAJOR:MINOR/stat; nothing for file systems
 * without a device of their own (overlay, tmpfs, btrfs, network).
 */
std::optional<std::uint64_t> deviceReadBytes(dev_t device);

}  // namespace orion::storage
