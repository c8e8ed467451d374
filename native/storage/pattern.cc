#include "storage/pattern.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "storage/permutation.h"

namespace orion::storage {

Pattern::Pattern(PatternKind kind, const std::vector<std::uint64_t>& fileBytes, std::uint32_t blockBytes,
                 std::uint64_t seed)
    : kind_(kind),
      fileBytes_(fileBytes),
      itemBytes_(kind == PatternKind::Files ? std::numeric_limits<std::uint64_t>::max() : blockBytes),
      seed_(seed),
      firstItem_{0} {
  for (std::uint64_t bytes : fileBytes_) {
    const std::uint64_t items = bytes / itemBytes_ + (bytes % itemBytes_ != 0 ? 1 : 0);
    firstItem_.push_back(firstItem_.back() + items);
  }
  if (itemsPerRound() == 0) throw Error(ErrorCode::BadInput, "There is nothing to read: every target is empty.");
}

Item Pattern::item(std::uint64_t number) const {
  const std::uint64_t round = number / itemsPerRound();
  std::uint64_t index = number % itemsPerRound();
  if (kind_ != PatternKind::Sequential) {
    constexpr std::uint64_t roundStep = 0x9e3779b97f4a7c15u;  // far apart, so that seeds 1 and 2 share no round
    index = Permutation(itemsPerRound(), seed_ + round * roundStep)(index);
  }
  const auto after = std::upper_bound(firstItem_.begin(), firstItem_.end(), index);
  const auto file = static_cast<std::size_t>(after - firstItem_.begin()) - 1;
  const std::uint64_t offset = (index - firstItem_[file]) * itemBytes_;
  return {file, offset, std::min(itemBytes_, fileBytes_[file] - offset)};
}

}  // namespace orion::storage
