#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "storage/request.h"
#include "storage/target.h"

namespace orion::storage {

/** The targets of a request: inspected, checked against it and, unless they are opened file by file, open. */
class TargetSet {
 public:
  explicit TargetSet(const Request& request);

  const std::vector<Target>& targets() const { return targets_; }
  std::vector<std::uint64_t> sizes() const;
  std::uint64_t bytes() const;
  /** Of offsets and sizes: that of O_DIRECT, or 1 when buffered. */
  std::uint32_t alignmentBytes() const { return alignmentBytes_; }

  /** With pattern 'files' each file is opened when its turn comes, as a data loader does. */
  bool opensOnDemand() const { return opensOnDemand_; }
  int openFile(std::size_t index) const { return open_[index].get(); }
  /** Of all files, in their order; none where they are opened on demand. */
  std::vector<int> openFiles() const;
  FileDescriptor openNow(std::size_t index) const { return openTarget(targets_[index], direct_); }

  /** Read counter of the device that all targets share; nothing if they share none or it has no counter. */
  std::optional<std::uint64_t> deviceReadBytes() const;

 private:
  bool direct_;
  bool opensOnDemand_;
  std::uint32_t alignmentBytes_ = 1;
  std::vector<Target> targets_;
  std::vector<FileDescriptor> open_;
};

}  // namespace orion::storage
