#include "boosting/pruning.h"

namespace orion::boosting {

void prune(Tree& tree, float gamma) {
  for (auto node = tree.rbegin(); node != tree.rend(); ++node) {
    if (node->isLeaf() || node->gain >= gamma) continue;
    if (tree[node->leftChild].isLeaf() && tree[node->leftChild + 1].isLeaf()) node->leftChild = -1;
  }
}

}  // namespace orion::boosting
