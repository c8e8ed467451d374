// Exact Shapley values of a tree's prediction (Lundberg, Erion and Lee 2018, "Consistent individualized feature
// attribution for tree ensembles", algorithm 2), with the training rows of each node as weights.
#pragma once

#include "boosting/tree.h"

namespace orion::boosting {

/** The mean of the leaves, weighted by their rows: the prediction without any feature known. */
double meanOf(const Tree& tree);

/** Adds the value of each column ([columns]); they sum to the prediction less `meanOf`. @param row [columns] */
void addContributions(const Tree& tree, const float* row, double* contributions);

}  // namespace orion::boosting
