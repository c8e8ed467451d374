#include "gpu/libraries/cudnn.h"

#include <cuda_fp16.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

#include "base/error.h"
#include "gpu/buffer.h"
#include "gpu/libraries/absent_library.h"
#include "gpu/libraries/shared_library.h"

namespace orion::gpu {
namespace {

// What cudnn_graph.h and cudnn_cnn.h declare, as far as it is needed (cuDNN API reference, "cudnnConvolutionForward").

using CudnnObject = void*;

constexpr int dataFloat = 0;         // CUDNN_DATA_FLOAT
constexpr int dataHalf = 2;          // CUDNN_DATA_HALF
constexpr int formatNhwc = 1;        // CUDNN_TENSOR_NHWC
constexpr int crossCorrelation = 1;  // CUDNN_CROSS_CORRELATION: filters not mirrored
constexpr int tensorOperations = 1;  // CUDNN_TENSOR_OP_MATH
constexpr int precomputedGemm = 1;   // CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM

struct Cudnn {
  SharedLibrary library{"ORION_CUDNN", {"libcudnn.so.9", "libcudnn.so.8", "libcudnn.so"}};
  int (*create)(CudnnObject*) = nullptr;
  int (*destroy)(CudnnObject) = nullptr;
  int (*setStream)(CudnnObject, cudaStream_t) = nullptr;
  int (*tensorCreate)(CudnnObject*) = nullptr;
  int (*tensorDestroy)(CudnnObject) = nullptr;
  int (*tensorSet)(CudnnObject, int format, int type, int n, int c, int h, int w) = nullptr;
  int (*filterCreate)(CudnnObject*) = nullptr;
  int (*filterDestroy)(CudnnObject) = nullptr;
  int (*filterSet)(CudnnObject, int type, int format, int k, int c, int h, int w) = nullptr;
  int (*convolutionCreate)(CudnnObject*) = nullptr;
  int (*convolutionDestroy)(CudnnObject) = nullptr;
  int (*convolutionSet)(CudnnObject, int padH, int padW, int strideH, int strideW, int dilationH, int dilationW,
                        int mode, int computeType) = nullptr;
  int (*setMath)(CudnnObject, int math) = nullptr;
  int (*workspaceSize)(CudnnObject handle, CudnnObject x, CudnnObject w, CudnnObject convolution, CudnnObject y,
                       int algorithm, std::size_t* bytes) = nullptr;
  int (*forward)(CudnnObject handle, const void* alpha, CudnnObject x, const void* xData, CudnnObject w,
                 const void* wData, CudnnObject convolution, int algorithm, void* workspace, std::size_t workspaceBytes,
                 const void* beta, CudnnObject y, void* yData) = nullptr;

  Cudnn() {
    library.find(create, "cudnnCreate");
    library.find(destroy, "cudnnDestroy");
    library.find(setStream, "cudnnSetStream");
    library.find(tensorCreate, "cudnnCreateTensorDescriptor");
    library.find(tensorDestroy, "cudnnDestroyTensorDescriptor");
    library.find(tensorSet, "cudnnSetTensor4dDescriptor");
    library.find(filterCreate, "cudnnCreateFilterDescriptor");
    library.find(filterDestroy, "cudnnDestroyFilterDescriptor");
    library.find(filterSet, "cudnnSetFilter4dDescriptor");
    library.find(convolutionCreate, "cudnnCreateConvolutionDescriptor");
    library.find(convolutionDestroy, "cudnnDestroyConvolutionDescriptor");
    library.find(convolutionSet, "cudnnSetConvolution2dDescriptor");
    library.find(setMath, "cudnnSetConvolutionMathType");
    library.find(workspaceSize, "cudnnGetConvolutionForwardWorkspaceSize");
    library.find(forward, "cudnnConvolutionForward");
  }
};

const Cudnn& cudnn() {
  static const Cudnn library;
  return library;
}

void requireCudnn(int status, const char* function) {
  if (status == 0) return;
  throw Error(ErrorCode::Io, std::string("gpu: ") + function + " failed with status " + std::to_string(status) + ".");
}

/** An object of the library, destroyed with this. */
class CudnnOwner {
 public:
  CudnnOwner(const char* name, int (*create)(CudnnObject*), int (*destroy)(CudnnObject)) : destroy_(destroy) {
    requireCudnn(create(&object_), name);
  }
  ~CudnnOwner() { destroy_(object_); }
  CudnnOwner(const CudnnOwner&) = delete;
  CudnnOwner& operator=(const CudnnOwner&) = delete;

  CudnnObject get() const { return object_; }

 private:
  CudnnObject object_ = nullptr;
  int (*destroy_)(CudnnObject);
};

constexpr int images = 64;
constexpr int imageSize = 56;  // height and width
constexpr int channels = 64;
constexpr int filterSize = 3;
constexpr std::size_t imageElements = std::size_t{images} * imageSize * imageSize * channels;
constexpr std::size_t filterElements = std::size_t{channels} * filterSize * filterSize * channels;

/** Element i: an odd multiple of 1/64 between -1 and 1; its bits come from a multiplicative hash. */
double elementAt(std::size_t i, std::uint32_t seed) {
  std::uint32_t hash = (static_cast<std::uint32_t>(i) + seed) * 0x9e3779b1u;
  hash = (hash ^ hash >> 15) * 0x85ebca6bu;
  return ((static_cast<std::int32_t>(hash) >> 25) | 1) / 64.0;
}

constexpr std::uint32_t imageSeed = 1;
constexpr std::uint32_t filterSeed = 77777777;

void fillHalf(const Buffer<__half>& buffer, std::uint32_t seed) {
  std::vector<__half> values(buffer.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = __float2half(static_cast<float>(elementAt(i, seed)));
  CUDA_CALL(cudaMemcpy(buffer.data(), values.data(), buffer.bytes(), cudaMemcpyHostToDevice));
}

class CudnnConvolution : public Kernel {
 public:
  CudnnConvolution()
      : image_(imageElements),
        filter_(filterElements),
        output_(imageElements),
        handle_("cudnnCreate", cudnn().create, cudnn().destroy),
        imageShape_("cudnnCreateTensorDescriptor", cudnn().tensorCreate, cudnn().tensorDestroy),
        filterShape_("cudnnCreateFilterDescriptor", cudnn().filterCreate, cudnn().filterDestroy),
        convolution_("cudnnCreateConvolutionDescriptor", cudnn().convolutionCreate, cudnn().convolutionDestroy) {
    requireCudnn(cudnn().tensorSet(imageShape_.get(), formatNhwc, dataHalf, images, channels, imageSize, imageSize),
                 "cudnnSetTensor4dDescriptor");
    requireCudnn(
        cudnn().filterSet(filterShape_.get(), dataHalf, formatNhwc, channels, channels, filterSize, filterSize),
        "cudnnSetFilter4dDescriptor");
    requireCudnn(cudnn().convolutionSet(convolution_.get(), 1, 1, 1, 1, 1, 1, crossCorrelation, dataFloat),
                 "cudnnSetConvolution2dDescriptor");
    requireCudnn(cudnn().setMath(convolution_.get(), tensorOperations), "cudnnSetConvolutionMathType");
    std::size_t workspaceBytes = 0;
    requireCudnn(cudnn().workspaceSize(handle_.get(), imageShape_.get(), filterShape_.get(), convolution_.get(),
                                       imageShape_.get(), precomputedGemm, &workspaceBytes),
                 "cudnnGetConvolutionForwardWorkspaceSize");
    workspace_ = std::make_unique<Buffer<std::uint8_t>>(std::max<std::size_t>(workspaceBytes, 1));
    fillHalf(image_, imageSeed);
    fillHalf(filter_, filterSeed);
    const Stream stream;
    launch(stream);  // the first one loads code, which a stream that is held back would wait for
    stream.synchronize();
    CUDA_CALL(cudaMemset(output_.data(), 0xff, output_.bytes()));
    CUDA_CALL(cudaDeviceSynchronize());
  }

  Work work() const override {
    const double multiplyAdds = static_cast<double>(imageElements) * filterSize * filterSize * channels;
    return {static_cast<double>(image_.bytes() + filter_.bytes() + output_.bytes()), 2 * multiplyAdds, 0};
  }

  void launch(const Stream& stream) final {
    const float one = 1;
    const float zero = 0;
    requireCudnn(cudnn().setStream(handle_.get(), stream.get()), "cudnnSetStream");
    requireCudnn(cudnn().forward(handle_.get(), &one, imageShape_.get(), image_.data(), filterShape_.get(),
                                 filter_.data(), convolution_.get(), precomputedGemm, workspace_->data(),
                                 workspace_->bytes(), &zero, imageShape_.get(), output_.data()),
                 "cudnnConvolutionForward");
  }

  /** Some 12,000 elements over all images, channels and edges; error relative to the sum of magnitudes. */
  Answer check(const Stream& stream) override {
    const std::vector<__half> output = output_.read(stream);
    Answer answer;
    answer.tolerance = 1.0 / 16384;       // beyond the rounding of the output
    constexpr std::size_t stride = 1009;  // prime, so that it meets every channel, row and column
    for (std::size_t i = 0; i < imageElements; ++i) {
      const double value = __half2float(output[i]);
      if (std::isnan(value)) {
        answer.error = value;
        return answer;
      }
      if (i % stride == 0 || i == imageElements - 1) answer.error = std::max(answer.error, errorAt(i, value));
    }
    return answer;
  }

 private:
  /** Error of output element i, [images, imageSize, imageSize, channels]; filters: [channels out, 3, 3, channels in].
   */
  static double errorAt(std::size_t i, double value) {
    const int filter = static_cast<int>(i % channels);
    const int x = static_cast<int>(i / channels % imageSize);
    const int y = static_cast<int>(i / channels / imageSize % imageSize);
    const std::size_t image = i / channels / imageSize / imageSize;
    double sum = 0;
    double magnitude = 0;
    for (int dy = 0; dy < filterSize; ++dy) {
      for (int dx = 0; dx < filterSize; ++dx) {
        const int fromY = y + dy - 1;
        const int fromX = x + dx - 1;
        if (fromY < 0 || fromY >= imageSize || fromX < 0 || fromX >= imageSize) continue;
        const std::size_t from =
            ((image * imageSize + static_cast<std::size_t>(fromY)) * imageSize + static_cast<std::size_t>(fromX)) *
            channels;
        const std::size_t with = static_cast<std::size_t>((filter * filterSize + dy) * filterSize + dx) * channels;
        for (std::size_t channel = 0; channel < channels; ++channel) {
          const double product = elementAt(from + channel, imageSeed) * elementAt(with + channel, filterSeed);
          sum += product;
          magnitude += std::abs(product);
        }
      }
    }
    return std::max(std::abs(value - sum) - std::abs(sum) / 2048, 0.0) / magnitude;
  }

  Buffer<__half> image_;   // [images, imageSize, imageSize, channels]
  Buffer<__half> filter_;  // [channels out, 3, 3, channels in]
  Buffer<__half> output_;  // as images
  CudnnOwner handle_;
  CudnnOwner imageShape_;
  CudnnOwner filterShape_;
  CudnnOwner convolution_;
  std::unique_ptr<Buffer<std::uint8_t>> workspace_;
};

}  // namespace

std::vector<Case> cudnnCases(const Device&) {
  const std::string& absence = cudnn().library.absence();
  if (!absence.empty()) return {absentLibrary("cudnn", absence, false)};
  CaseInfo info;
  info.name = "cudnn-conv-64x56x56x64-3x3x64-fp16";
  info.group = "library";
  info.description = "3 x 3 convolution by cuDNN, 64 images of 56 x 56 with 64 channels to 64 channels";
  info.mode = Mode::Cold;
  info.precision = "fp16";
  return {{info, [] { return std::make_unique<CudnnConvolution>(); }}};
}

}  // namespace orion::gpu
