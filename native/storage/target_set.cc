#include "storage/target_set.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace orion::storage {

TargetSet::TargetSet(const Request& request)
    : direct_(request.direct), opensOnDemand_(request.pattern == PatternKind::Files) {
  for (const std::string& path : request.paths) targets_.push_back(inspectTarget(path));
  const bool hasDevice = std::any_of(targets_.begin(), targets_.end(), [](const Target& t) { return t.isBlockDevice; });
  if (hasDevice && targets_.size() > 1) {
    throw Error(ErrorCode::BadInput,
                "A block device is measured alone, but " + std::to_string(targets_.size()) + " targets were given.");
  }

  for (std::size_t i = 0; i < targets_.size(); ++i) {
    FileDescriptor file = openNow(i);
    if (direct_) alignmentBytes_ = std::max(alignmentBytes_, directAlignment(file, targets_[i]));
    if (opensOnDemand_) break;  // the first tells the alignment of them all
    open_.push_back(std::move(file));
  }
  if (request.blockBytes % alignmentBytes_ != 0) {
    throw Error(ErrorCode::BadInput, "O_DIRECT on " + targets_.front().path + " needs blocks that are a multiple of " +
                                         std::to_string(alignmentBytes_) + " bytes, but blockBytes is " +
                                         std::to_string(request.blockBytes) + ".");
  }
}

std::vector<std::uint64_t> TargetSet::sizes() const {
  std::vector<std::uint64_t> sizes;
  for (const Target& target : targets_) sizes.push_back(target.bytes);
  return sizes;
}

std::uint64_t TargetSet::bytes() const {
  std::uint64_t sum = 0;
  for (const Target& target : targets_) sum += target.bytes;
  return sum;
}

std::vector<int> TargetSet::openFiles() const {
  std::vector<int> descriptors;
  for (const FileDescriptor& file : open_) descriptors.push_back(file.get());
  return descriptors;
}

std::optional<std::uint64_t> TargetSet::deviceReadBytes() const {
  const dev_t device = targets_.front().device;
  const bool shared =
      std::all_of(targets_.begin(), targets_.end(), [device](const Target& t) { return t.device == device; });
  return shared ? storage::deviceReadBytes(device) : std::nullopt;
}

}  // namespace orion::storage
