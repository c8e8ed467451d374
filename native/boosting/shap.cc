#include "boosting/shap.h"

#include <vector>

namespace orion::boosting {
namespace {

/** A feature that the path from the root has split by; the names are those of the paper. */
struct PathElement {
  std::int64_t column;  // -1: the start
  double zero;          // share of the paths through it when the feature is unknown
  double one;           // the same when it is known: 0 or 1
  double weight;        // of subsets of this size
};

using Path = std::vector<PathElement>;

void extend(Path& path, double zero, double one, std::int64_t column) {
  const std::size_t depth = path.size();
  path.push_back({column, zero, one, depth == 0 ? 1.0 : 0.0});
  const auto size = static_cast<double>(depth + 1);
  for (std::size_t i = depth; i-- > 0;) {
    path[i + 1].weight += one * path[i].weight * static_cast<double>(i + 1) / size;
    path[i].weight = zero * path[i].weight * static_cast<double>(depth - i) / size;
  }
}

/** Weights of the path without an element; `use(i, weight)` for each of the others. */
template <typename Use>
void withoutElement(const Path& path, std::size_t element, Use use) {
  const std::size_t depth = path.size() - 1;
  const auto size = static_cast<double>(depth + 1);
  const double one = path[element].one;
  const double zero = path[element].zero;
  double next = path[depth].weight;
  for (std::size_t i = depth; i-- > 0;) {
    const auto position = static_cast<double>(i + 1);
    const auto rest = static_cast<double>(depth - i);
    if (one != 0) {
      const double weight = next * size / (position * one);
      next = path[i].weight - weight * zero * rest / size;
      use(i, weight);
    } else {
      use(i, path[i].weight * size / (zero * rest));
    }
  }
}

void unwind(Path& path, std::size_t element) {
  std::vector<double> weights(path.size() - 1);
  withoutElement(path, element, [&](std::size_t i, double weight) { weights[i] = weight; });
  path.erase(path.begin() + static_cast<std::ptrdiff_t>(element));
  for (std::size_t i = 0; i < path.size(); ++i) path[i].weight = weights[i];
}

class Walk {
 public:
  Walk(const Tree& tree, const float* row, double* contributions)
      : tree_(tree), row_(row), contributions_(contributions) {}

  void visit(std::int32_t index, Path path, double zero, double one, std::int64_t column) const {
    extend(path, zero, one, column);
    const TreeNode& node = tree_[index];
    if (node.isLeaf()) {
      for (std::size_t i = 1; i < path.size(); ++i) {
        double sum = 0;
        withoutElement(path, i, [&](std::size_t, double weight) { sum += weight; });
        contributions_[path[i].column] += sum * (path[i].one - path[i].zero) * node.weight;
      }
      return;
    }
    // A feature that the path knows already is taken out first: it counts once.
    double knownZero = 1;
    double knownOne = 1;
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (path[i].column != node.column) continue;
      knownZero = path[i].zero;
      knownOne = path[i].one;
      unwind(path, i);
      break;
    }
    const std::int32_t taken = node.childOf(row_[node.column]);
    const std::int32_t other = taken == node.leftChild ? taken + 1 : node.leftChild;
    const auto share = [&](std::int32_t child) { return knownZero * tree_[child].cover / node.cover; };
    visit(taken, path, share(taken), knownOne, node.column);
    visit(other, path, share(other), 0, node.column);
  }

 private:
  const Tree& tree_;
  const float* row_;
  double* contributions_;
};

}  // namespace

double meanOf(const Tree& tree) {
  double sum = 0;
  double rows = 0;
  for (const TreeNode& node : tree) {
    if (!node.isLeaf()) continue;
    sum += static_cast<double>(node.weight) * node.cover;
    rows += node.cover;
  }
  return rows > 0 ? sum / rows : 0;
}

void addContributions(const Tree& tree, const float* row, double* contributions) {
  if (tree[0].isLeaf()) return;
  Walk(tree, row, contributions).visit(0, {}, 1, 1, -1);
}

}  // namespace orion::boosting
