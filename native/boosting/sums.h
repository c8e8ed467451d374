#pragma once

namespace orion::boosting {

/** Sums over the rows of a node or bin. The second derivative of squared error is 1, so its sum is the count. */
struct Sums {
  double gradient = 0;
  double count = 0;

  Sums& operator+=(const Sums& other) {
    gradient += other.gradient;
    count += other.count;
    return *this;
  }
  Sums& operator-=(const Sums& other) {
    gradient -= other.gradient;
    count -= other.count;
    return *this;
  }
};

inline Sums operator-(Sums left, const Sums& right) { return left -= right; }

}  // namespace orion::boosting
