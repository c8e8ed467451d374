#pragma once

#include "boosting/tree.h"

namespace orion::boosting {

/**
 * From the leaves up: a split whose children are both leaves and whose gain is below `gamma` becomes a leaf. The nodes
 * below it stay in the array, reached by no path.
 */
void prune(Tree& tree, float gamma);

}  // namespace orion::boosting
