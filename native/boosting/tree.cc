#include "boosting/tree.h"

namespace orion::boosting {

Tree compact(const Tree& tree) {
  Tree compacted{tree[0]};
  for (std::size_t i = 0; i < compacted.size(); ++i) {
    if (compacted[i].isLeaf()) continue;
    const std::int32_t left = compacted[i].leftChild;
    compacted[i].leftChild = static_cast<std::int32_t>(compacted.size());
    compacted.push_back(tree[left]);
    compacted.push_back(tree[left + 1]);
  }
  return compacted;
}

}  // namespace orion::boosting
