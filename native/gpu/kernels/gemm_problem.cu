#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "gpu/kernels/gemm_problem.cuh"

namespace orion::gpu {
namespace {

/** Bits that an element of an operand has, sign included. */
constexpr int significantBits(Precision precision) {
  switch (precision) {
    case Precision::Bf16:
    case Precision::Int8:
      return 8;
    case Precision::Fp32:
      return 24;
    default:
      return 11;
  }
}

/** Unit roundoff of C: half the distance of 1 to the next number (IEEE 754); fp32's own is left to the tolerance. */
constexpr double roundoff(Precision precision) {
  if (precision == Precision::Fp16) return 1.0 / 2048;
  return precision == Precision::Bf16 ? 1.0 / 256 : 0;
}

constexpr std::size_t outputBytesOf(Precision precision) {
  return precision == Precision::Int8 ? 4 : bytesOf(precision);
}

/** 32 well mixed bits (the finalizer of MurmurHash3). */
__host__ __device__ std::uint32_t mixed(std::uint32_t x) {
  x = (x ^ x >> 16) * 0x85ebca6bu;
  x = (x ^ x >> 13) * 0xc2b2ae35u;
  return x ^ x >> 16;
}

/** Element i of matrix 0 (A) or 1 (B): an odd integer of so many bits. */
__host__ __device__ int integerAt(std::uint32_t matrix, std::size_t i, int bits) {
  const std::uint32_t random = mixed(static_cast<std::uint32_t>(i) * 2 + matrix + 1);
  return static_cast<std::int32_t>(random) >> (32 - bits) | 1;
}

__host__ __device__ float valueAt(std::uint32_t matrix, std::size_t i, Precision precision, int bits) {
  const auto integer = static_cast<float>(integerAt(matrix, i, bits));
  return precision == Precision::Int8 ? integer : integer / static_cast<float>(1 << (bits - 1));
}

__global__ void fillOperand(void* elements, std::size_t count, std::uint32_t matrix, Precision precision, int bits) {
  const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride) {
    const float value = valueAt(matrix, i, precision, bits);
    if (precision == Precision::Fp16) {
      static_cast<__half*>(elements)[i] = __float2half_rn(value);
    } else if (precision == Precision::Bf16) {
      static_cast<__nv_bfloat16*>(elements)[i] = __float2bfloat16_rn(value);
    } else if (precision == Precision::Int8) {
      static_cast<std::int8_t*>(elements)[i] = static_cast<std::int8_t>(value);
    } else {
      static_cast<float*>(elements)[i] = value;
    }
  }
}

/** Element i of a row of C as it came from the device. */
double outputAt(const std::vector<std::uint8_t>& row, std::size_t i, Precision precision) {
  if (precision == Precision::Fp16) {
    __half_raw raw;
    std::memcpy(&raw.x, &row[i * 2], 2);
    return __half2float(raw);
  }
  std::uint32_t bits = 0;
  if (precision == Precision::Bf16) {
    std::memcpy(reinterpret_cast<std::uint8_t*>(&bits) + 2, &row[i * 2], 2);  // the upper half of a float
  } else {
    std::memcpy(&bits, &row[i * 4], 4);
  }
  if (precision == Precision::Int8) return static_cast<std::int32_t>(bits);
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}

/** 64 different numbers below `count`, in order, the first and the last among them. */
std::vector<int> sampleBelow(int count, std::uint32_t seed) {
  std::vector<int> sample = {0, count - 1};
  for (std::uint32_t i = 0; sample.size() < 64; ++i) {
    const int candidate = static_cast<int>(mixed(i * 2 + seed) % static_cast<std::uint32_t>(count));
    if (std::find(sample.begin(), sample.end(), candidate) == sample.end()) sample.push_back(candidate);
  }
  std::sort(sample.begin(), sample.end());
  return sample;
}

/** @return [lines, k]: the rows of A, or of the transpose of B, by number */
std::vector<float> operandLines(std::uint32_t matrix, const std::vector<int>& lines, int k, Precision precision) {
  std::vector<float> values;
  values.reserve(lines.size() * static_cast<std::size_t>(k));
  for (const int line : lines) {
    const std::size_t first = static_cast<std::size_t>(line) * static_cast<std::size_t>(k);
    for (std::size_t i = first; i < first + static_cast<std::size_t>(k); ++i) {
      values.push_back(valueAt(matrix, i, precision, significantBits(precision)));
    }
  }
  return values;
}

/** Error of one element of C against the product of a row and a column. */
double elementError(double output, const float* row, const float* column, int k, Precision precision) {
  double sum = 0;
  double magnitude = 0;
  for (int i = 0; i < k; ++i) {
    const double product = static_cast<double>(row[i]) * column[i];
    sum += product;
    magnitude += std::abs(product);
  }
  const double error = std::abs(output - sum) - roundoff(precision) * std::abs(sum);
  return std::isnan(error) ? error : std::max(error, 0.0) / magnitude;
}

std::size_t product(int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); }

}  // namespace

std::string gemmName(const GemmShape& shape, Precision precision) {
  return std::to_string(shape.m) + "x" + std::to_string(shape.n) + "x" + std::to_string(shape.k) + "-" +
         precisionName(precision);
}

const std::vector<GemmShape>& gemmShapes() {
  static const std::vector<GemmShape> shapes = {
      {4096, 4096, 4096}, {8192, 1024, 1024}, {8192, 4096, 1024}, {8192, 1024, 4096}, {512, 512, 2048}};
  return shapes;
}

GemmProblem::GemmProblem(const GemmShape& shape, Precision precision)
    : shape_(shape),
      precision_(precision),
      a_(product(shape.m, shape.k) * bytesOf(precision)),
      b_(product(shape.n, shape.k) * bytesOf(precision)),
      c_(product(shape.m, shape.n) * outputBytesOf(precision)) {
  const int bits = significantBits(precision);
  fillOperand<<<1024, 256>>>(a_.data(), product(shape.m, shape.k), 0, precision, bits);
  CUDA_CALL(cudaGetLastError());
  fillOperand<<<1024, 256>>>(b_.data(), product(shape.n, shape.k), 1, precision, bits);
  CUDA_CALL(cudaGetLastError());
  poison();
}

void GemmProblem::poison() {
  CUDA_CALL(cudaMemset(c_.data(), 0xff, c_.bytes()));
  CUDA_CALL(cudaDeviceSynchronize());
}

Work GemmProblem::work() const {
  const double multiplyAdds = static_cast<double>(product(shape_.m, shape_.n)) * shape_.k;
  return {static_cast<double>(a_.bytes() + b_.bytes() + c_.bytes()), 2 * multiplyAdds, 0};
}

Answer GemmProblem::check(const Stream& stream) const {
  Answer answer;
  // Each addition truncates at worst 2^-23 of a partial sum, which stays far below the sum of magnitudes; an
  // instruction adds the products of 8 to 32 k at once. One missing product of K = 4096 weighs about 2^-12.
  answer.tolerance = precision_ == Precision::Int8 ? 0 : 1.0 / 16384;

  const std::vector<int> rows = sampleBelow(shape_.m, 0);
  const std::vector<int> columns = sampleBelow(shape_.n, 1);
  const std::vector<float> a = operandLines(0, rows, shape_.k, precision_);
  const std::vector<float> b = operandLines(1, columns, shape_.k, precision_);
  const std::size_t rowBytes = c_.bytes() / static_cast<std::size_t>(shape_.m);
  std::vector<std::uint8_t> output(rowBytes);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    CUDA_CALL(cudaMemcpyAsync(output.data(), c_.data() + static_cast<std::size_t>(rows[row]) * rowBytes, rowBytes,
                              cudaMemcpyDeviceToHost, stream.get()));
    stream.synchronize();
    for (int column = 0; column < shape_.n; ++column) {
      if (std::isnan(outputAt(output, static_cast<std::size_t>(column), precision_))) {
        answer.error = std::numeric_limits<double>::quiet_NaN();
        return answer;
      }
    }
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const double error = elementError(outputAt(output, static_cast<std::size_t>(columns[column]), precision_),
                                        &a[row * static_cast<std::size_t>(shape_.k)],
                                        &b[column * static_cast<std::size_t>(shape_.k)], shape_.k, precision_);
      answer.error = std::max(answer.error, error);
    }
  }
  return answer;
}

}  // namespace orion::gpu
