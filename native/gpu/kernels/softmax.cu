#include <string>

#include "gpu/kernels/rows.cuh"
#include "gpu/kernels/softmax.cuh"

namespace orion::gpu {
namespace {

/** @param input, output [rows, Layout::columns], row-major */
template <typename Layout>
__global__ void __launch_bounds__(Layout::blockThreads)
    takeSoftmax(const uint4* __restrict__ input, uint4* __restrict__ output) {
  using Vector = Packed<typename Layout::Element>;
  __shared__ float ofWarps[2][32];
  const std::size_t start = Layout::rowStart() + Layout::threadInRow();

  uint4 words[Layout::vectorsPerThread];
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    if (Layout::has(i)) words[i] = loadWord<Hint::NoAllocate>(input + start + i * Layout::threadsPerRow);
  }

  float maximum = Maximum::neutral();
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    if (!Layout::has(i)) continue;
    float values[Layout::lanes];
    Vector::unpack(words[i], values);
#pragma unroll
    for (const float value : values) maximum = fmaxf(maximum, value);
  }
  maximum = reduceRow<Maximum, Layout::threadsPerRow>(maximum, ofWarps[0]);

  float sum = 0;
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    if (!Layout::has(i)) continue;
    float values[Layout::lanes];
    Vector::unpack(words[i], values);
#pragma unroll
    for (const float value : values) sum += __expf(value - maximum);
  }
  sum = reduceRow<Sum, Layout::threadsPerRow>(sum, ofWarps[1]);

  // Taken again, not kept: a row of logits in fp16 fits the registers of a block, its exponentials in fp32 do not.
  const float factor = 1 / sum;
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    if (!Layout::has(i)) continue;
    float values[Layout::lanes];
    Vector::unpack(words[i], values);
#pragma unroll
    for (float& value : values) value = __expf(value - maximum) * factor;
    storeWord<Hint::NoAllocate>(output + start + i * Layout::threadsPerRow, Vector::pack(values));
  }
}

template <typename Layout>
class Softmax : public RowKernel<typename Layout::Element> {
 public:
  explicit Softmax(std::size_t rows) : RowKernel<typename Layout::Element>(rows, Layout::columns) {}

  void launch(const Stream& stream) override {
    const auto blocks = static_cast<unsigned>(this->rows() / Layout::rowsPerBlock);
    takeSoftmax<Layout><<<blocks, Layout::blockThreads, 0, stream.get()>>>(this->input(), this->output());
    CUDA_CALL(cudaGetLastError());
  }

 protected:
  std::vector<double> expectedOf(const std::vector<double>& input) const override {
    const double maximum = *std::max_element(input.begin(), input.end());
    double sum = 0;
    for (const double value : input) sum += std::exp(value - maximum);
    std::vector<double> expected;
    for (const double value : input) expected.push_back(std::exp(value - maximum) / sum);
    return expected;
  }
  /** The smallest normal fp16 number: below it, fp16 holds a value to 2^-25 and no better. */
  double smallest() const override { return sizeof(typename Layout::Element) == 2 ? 0x1p-14 : 0; }
};

}  // namespace

std::vector<Case> softmaxCases(const Device& device) {
  const RowWork softmax = {"softmax", "softmax of each row, fused"};
  std::vector<Case> cases;
  addRowCase<Softmax, RowLayout<float, 1024, 32>>(cases, softmax, 16384, device, false);
  addRowCase<Softmax, RowLayout<float, 4096, 256>>(cases, softmax, 8192, device, true);
  addRowCase<Softmax, RowLayout<float, 32000, 1024>>(cases, softmax, 2048, device, false);
  addRowCase<Softmax, RowLayout<__half, 1024, 32>>(cases, softmax, 16384, device, false);
  addRowCase<Softmax, RowLayout<__half, 4096, 256>>(cases, softmax, 8192, device, true);
  addRowCase<Softmax, RowLayout<__half, 32000, 1024>>(cases, softmax, 2048, device, false);
  addRowCase<Softmax, RowLayout<__half, 50304, 1024>>(cases, softmax, 2048, device, false);
  return cases;
}

}  // namespace orion::gpu
