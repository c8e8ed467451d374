#include <string>

#include "gpu/kernels/layernorm.cuh"
#include "gpu/kernels/rows.cuh"

namespace orion::gpu {
namespace {

constexpr float epsilon = 1e-5f;

struct Gamma {
  __host__ __device__ float operator()(std::size_t column) const { return 0.5f + static_cast<float>(column % 61) / 64; }
};
struct Beta {
  __host__ __device__ float operator()(std::size_t column) const {
    return static_cast<float>(column % 31) / 32 - 0.25f;
  }
};

/** @param input, output [rows, Layout::columns], row-major; gamma, beta [Layout::columns] */
template <typename Layout>
__global__ void __launch_bounds__(Layout::blockThreads)
    normaliseRows(const uint4* __restrict__ input, const float4* __restrict__ gamma, const float4* __restrict__ beta,
                  uint4* __restrict__ output) {
  static_assert(Layout::isEven, "every thread takes part in the sums with all its vectors");
  using Vector = Packed<typename Layout::Element>;
  __shared__ float ofWarps[2][32];
  const std::size_t start = Layout::rowStart() + Layout::threadInRow();

  uint4 words[Layout::vectorsPerThread];
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    words[i] = loadWord<Hint::NoAllocate>(input + start + i * Layout::threadsPerRow);
  }

  float sum = 0;
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    float values[Layout::lanes];
    Vector::unpack(words[i], values);
#pragma unroll
    for (const float value : values) sum += value;
  }
  const float mean = reduceRow<Sum, Layout::threadsPerRow>(sum, ofWarps[0]) / Layout::columns;

  float squares = 0;
#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    float values[Layout::lanes];
    Vector::unpack(words[i], values);
#pragma unroll
    for (const float value : values) squares += (value - mean) * (value - mean);
  }
  const float variance = reduceRow<Sum, Layout::threadsPerRow>(squares, ofWarps[1]) / Layout::columns;
  const float factor = rsqrtf(variance + epsilon);

#pragma unroll
  for (unsigned i = 0; i < Layout::vectorsPerThread; ++i) {
    const unsigned vector = i * Layout::threadsPerRow + Layout::threadInRow();
    float values[Layout::lanes];
    Vector::unpack(words[i], values);
#pragma unroll
    for (unsigned quarter = 0; quarter < Layout::lanes / 4; ++quarter) {
      const float4 scale = __ldg(gamma + vector * (Layout::lanes / 4) + quarter);
      const float4 shift = __ldg(beta + vector * (Layout::lanes / 4) + quarter);
      float* four = values + 4 * quarter;
      four[0] = (four[0] - mean) * factor * scale.x + shift.x;
      four[1] = (four[1] - mean) * factor * scale.y + shift.y;
      four[2] = (four[2] - mean) * factor * scale.z + shift.z;
      four[3] = (four[3] - mean) * factor * scale.w + shift.w;
    }
    storeWord<Hint::NoAllocate>(output + start + i * Layout::threadsPerRow, Vector::pack(values));
  }
}

template <typename Layout>
class LayerNorm : public RowKernel<typename Layout::Element> {
 public:
  explicit LayerNorm(std::size_t rows)
      : RowKernel<typename Layout::Element>(rows, Layout::columns), gamma_(Layout::columns), beta_(Layout::columns) {
    fill(gamma_, Gamma{});
    fill(beta_, Beta{});
  }

  void launch(const Stream& stream) override {
    const auto blocks = static_cast<unsigned>(this->rows() / Layout::rowsPerBlock);
    normaliseRows<Layout><<<blocks, Layout::blockThreads, 0, stream.get()>>>(
        this->input(), reinterpret_cast<const float4*>(gamma_.data()), reinterpret_cast<const float4*>(beta_.data()),
        this->output());
    CUDA_CALL(cudaGetLastError());
  }

 protected:
  std::vector<double> expectedOf(const std::vector<double>& input) const override {
    const auto columns = static_cast<double>(input.size());
    double mean = 0;
    for (const double value : input) mean += value / columns;
    double variance = 0;
    for (const double value : input) variance += (value - mean) * (value - mean) / columns;
    std::vector<double> expected;
    for (std::size_t i = 0; i < input.size(); ++i) {
      const double normalised = (input[i] - mean) / std::sqrt(variance + static_cast<double>(epsilon));
      expected.push_back(normalised * static_cast<double>(Gamma{}(i)) + static_cast<double>(Beta{}(i)));
    }
    return expected;
  }
  /** Results are differences of numbers near 1: what they lose does not shrink with them. */
  double smallest() const override { return 1; }

 private:
  Buffer<float> gamma_;
  Buffer<float> beta_;
};

}  // namespace

std::vector<Case> layernormCases(const Device& device) {
  const RowWork layernorm = {"layernorm", "layer normalisation of each row with gamma and beta, fused"};
  std::vector<Case> cases;
  addRowCase<LayerNorm, RowLayout<float, 768, 32>>(cases, layernorm, 16384, device, false);
  addRowCase<LayerNorm, RowLayout<float, 4096, 256>>(cases, layernorm, 8192, device, true);
  addRowCase<LayerNorm, RowLayout<__half, 768, 32>>(cases, layernorm, 16384, device, false);
  addRowCase<LayerNorm, RowLayout<__half, 4096, 256>>(cases, layernorm, 8192, device, true);
  return cases;
}

}  // namespace orion::gpu
