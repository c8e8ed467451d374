// A matrix product to be computed by whoever can, and its check: C[M, N] = A[M, K] x B[K, N].
//
// A is row-major; B lies as its transpose, [N, K], as a linear layer keeps its weights (out x in), so that both run
// along K. fp16 and bf16 yield their own type, tf32 and fp32 yield fp32, int8 yields 32-bit integers; all accumulate in
// 32 bits. The elements are random odd multiples of 2^-10 (fp16, tf32), 2^-7 (bf16), 2^-23 (fp32) between -1 and 1, and
// odd integers (int8): exact in their type and never 0. Plain C++, so that the libraries' cases can include it.
#pragma once

#include <cstdint>
#include <string>

#include "gpu/buffer.h"
#include "gpu/case.h"
#include "gpu/kernels/precision.h"

namespace orion::gpu {

struct GemmShape {
  int m;
  int n;
  int k;
};

/** E.g. "4096x1024x512-fp16". */
std::string gemmName(const GemmShape& shape, Precision precision);

/** Training-like: square, a linear layer of width 1024 over 8192 tokens, both halves of its MLP, and one small product.
 */
const std::vector<GemmShape>& gemmShapes();

class GemmProblem {
 public:
  /** Fills A and B, and poisons C. */
  GemmProblem(const GemmShape& shape, Precision precision);

  /** Fills C with what no product is: NaN, or -1 for integers. Waits for the device. */
  void poison();

  const GemmShape& shape() const { return shape_; }
  Precision precision() const { return precision_; }
  void* a() const { return a_.data(); }
  void* b() const { return b_.data(); }
  void* c() const { return c_.data(); }

  /** Bytes: every operand once. Operations: two per multiply-add. */
  Work work() const;

  /**
   * Compares 64 x 64 elements in random rows and columns, the corners among them, with products in double precision,
   * and looks for unwritten elements in all columns of those rows. The error of an element is taken relative to the sum
   * of |a b|, after the rounding of C itself is allowed for; int8 must agree to the bit.
   */
  Answer check(const Stream& stream) const;

 private:
  GemmShape shape_;
  Precision precision_;
  Buffer<std::uint8_t> a_;  // [M, K]
  Buffer<std::uint8_t> b_;  // [N, K]
  Buffer<std::uint8_t> c_;  // [M, N]
};

}  // namespace orion::gpu
