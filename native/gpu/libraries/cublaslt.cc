#include "gpu/libraries/cublaslt.h"

#include <library_types.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "base/error.h"
#include "gpu/event.h"
#include "gpu/kernels/gemm_problem.cuh"
#include "gpu/libraries/absent_library.h"
#include "gpu/libraries/shared_library.h"

namespace orion::gpu {
namespace {

// What cublasLt.h and cublas_api.h declare, as far as it is needed (cuBLAS library documentation, "Using the cuBLASLt
// API"); the values have been the same since version 11.

using LtObject = void*;

struct LtAlgorithm {
  std::uint64_t data[8];
};

struct LtProposal {
  LtAlgorithm algorithm;
  std::size_t workspaceBytes;
  int status;
  float waves;
  int reserved[4];
};

constexpr int computeInt32 = 72;     // CUBLAS_COMPUTE_32I
constexpr int computeFp32 = 68;      // CUBLAS_COMPUTE_32F
constexpr int computeTf32 = 77;      // CUBLAS_COMPUTE_32F_FAST_TF32
constexpr int transposed = 1;        // CUBLAS_OP_T
constexpr int descTransA = 3;        // CUBLASLT_MATMUL_DESC_TRANSA
constexpr int prefMaxWorkspace = 1;  // CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES

struct CublasLt {
  SharedLibrary library{"ORION_CUBLASLT", {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so"}};
  int (*create)(LtObject*) = nullptr;
  int (*destroy)(LtObject) = nullptr;
  int (*descCreate)(LtObject*, int compute, int scaleType) = nullptr;
  int (*descDestroy)(LtObject) = nullptr;
  int (*descSet)(LtObject, int attribute, const void* value, std::size_t bytes) = nullptr;
  int (*layoutCreate)(LtObject*, int type, std::uint64_t rows, std::uint64_t columns, std::int64_t pitch) = nullptr;
  int (*layoutDestroy)(LtObject) = nullptr;
  int (*preferenceCreate)(LtObject*) = nullptr;
  int (*preferenceDestroy)(LtObject) = nullptr;
  int (*preferenceSet)(LtObject, int attribute, const void* value, std::size_t bytes) = nullptr;
  int (*propose)(LtObject handle, LtObject desc, LtObject a, LtObject b, LtObject c, LtObject d, LtObject preference,
                 int requested, LtProposal* proposals, int* returned) = nullptr;
  int (*multiply)(LtObject handle, LtObject desc, const void* alpha, const void* a, LtObject aLayout, const void* b,
                  LtObject bLayout, const void* beta, const void* c, LtObject cLayout, void* d, LtObject dLayout,
                  const LtAlgorithm* algorithm, void* workspace, std::size_t workspaceBytes,
                  cudaStream_t stream) = nullptr;

  CublasLt() {
    library.find(create, "cublasLtCreate");
    library.find(destroy, "cublasLtDestroy");
    library.find(descCreate, "cublasLtMatmulDescCreate");
    library.find(descDestroy, "cublasLtMatmulDescDestroy");
    library.find(descSet, "cublasLtMatmulDescSetAttribute");
    library.find(layoutCreate, "cublasLtMatrixLayoutCreate");
    library.find(layoutDestroy, "cublasLtMatrixLayoutDestroy");
    library.find(preferenceCreate, "cublasLtMatmulPreferenceCreate");
    library.find(preferenceDestroy, "cublasLtMatmulPreferenceDestroy");
    library.find(preferenceSet, "cublasLtMatmulPreferenceSetAttribute");
    library.find(propose, "cublasLtMatmulAlgoGetHeuristic");
    library.find(multiply, "cublasLtMatmul");
  }
};

const CublasLt& cublasLt() {
  static const CublasLt library;
  return library;
}

void requireCublasLt(int status, const char* function) {
  if (status == 0) return;
  throw Error(ErrorCode::Io, std::string("gpu: ") + function + " failed with status " + std::to_string(status) + ".");
}

/** An object of the library, destroyed with this. */
class LtOwner {
 public:
  template <typename... Arguments>
  LtOwner(const char* name, int (*destroy)(LtObject), int (*create)(LtObject*, Arguments...), Arguments... arguments)
      : destroy_(destroy) {
    requireCublasLt(create(&object_, arguments...), name);
  }
  ~LtOwner() { destroy_(object_); }
  LtOwner(const LtOwner&) = delete;
  LtOwner& operator=(const LtOwner&) = delete;

  LtObject get() const { return object_; }

 private:
  LtObject object_ = nullptr;
  int (*destroy_)(LtObject);
};

int inputType(Precision precision) {
  switch (precision) {
    case Precision::Fp16:
      return CUDA_R_16F;
    case Precision::Bf16:
      return CUDA_R_16BF;
    case Precision::Int8:
      return CUDA_R_8I;
    default:
      return CUDA_R_32F;
  }
}

int outputType(Precision precision) { return precision == Precision::Int8 ? CUDA_R_32I : inputType(precision); }

int computeType(Precision precision) {
  if (precision == Precision::Int8) return computeInt32;
  return precision == Precision::Tf32 ? computeTf32 : computeFp32;
}

/**
 * The library counts in columns. Our row-major C[M, N] is its column-major C^T[N, M] = B^T x A^T: its first operand is
 * our B (kept as [N, K] by rows, so [K, N] by columns, to be transposed), its second our A.
 */
class CublasLtGemm : public Kernel {
 public:
  CublasLtGemm(const GemmShape& shape, Precision precision)
      : problem_(shape, precision),
        workspace_(std::size_t{32} << 20),
        handle_("cublasLtCreate", cublasLt().destroy, cublasLt().create),
        desc_("cublasLtMatmulDescCreate", cublasLt().descDestroy, cublasLt().descCreate, computeType(precision),
              precision == Precision::Int8 ? int{CUDA_R_32I} : int{CUDA_R_32F}),
        first_(layout(inputType(precision), shape.k, shape.n)),
        second_(layout(inputType(precision), shape.k, shape.m)),
        output_(layout(outputType(precision), shape.n, shape.m)) {
    requireCublasLt(cublasLt().descSet(desc_.get(), descTransA, &transposed, sizeof(transposed)),
                    "cublasLtMatmulDescSetAttribute");
    chooseAlgorithm();
    problem_.poison();
  }

  Work work() const override { return problem_.work(); }
  void launch(const Stream& stream) override { multiply(algorithm_, stream); }
  Answer check(const Stream& stream) override { return problem_.check(stream); }

 private:
  static std::unique_ptr<LtOwner> layout(int type, int rows, int columns) {
    return std::make_unique<LtOwner>("cublasLtMatrixLayoutCreate", cublasLt().layoutDestroy, cublasLt().layoutCreate,
                                     type, static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns),
                                     static_cast<std::int64_t>(rows));
  }

  void multiply(const LtAlgorithm& algorithm, const Stream& stream) {
    // Of the type of the accumulators.
    const bool integers = problem_.precision() == Precision::Int8;
    static const float floatOne = 1, floatZero = 0;
    static const std::int32_t one = 1, zero = 0;
    const void* alpha = integers ? static_cast<const void*>(&one) : &floatOne;
    const void* beta = integers ? static_cast<const void*>(&zero) : &floatZero;
    requireCublasLt(
        cublasLt().multiply(handle_.get(), desc_.get(), alpha, problem_.b(), first_->get(), problem_.a(),
                            second_->get(), beta, problem_.c(), output_->get(), problem_.c(), output_->get(),
                            &algorithm, workspace_.data(), workspace_.bytes(), stream.get()),
        "cublasLtMatmul");
  }

  /** The library's order of merit is a guess: its first few are tried. */
  void chooseAlgorithm() {
    constexpr int requested = 6;
    LtProposal proposals[requested] = {};
    int count = 0;
    const LtOwner preference("cublasLtMatmulPreferenceCreate", cublasLt().preferenceDestroy,
                             cublasLt().preferenceCreate);
    const std::uint64_t workspaceBytes = workspace_.bytes();
    requireCublasLt(
        cublasLt().preferenceSet(preference.get(), prefMaxWorkspace, &workspaceBytes, sizeof(workspaceBytes)),
        "cublasLtMatmulPreferenceSetAttribute");
    requireCublasLt(cublasLt().propose(handle_.get(), desc_.get(), first_->get(), second_->get(), output_->get(),
                                       output_->get(), preference.get(), requested, proposals, &count),
                    "cublasLtMatmulAlgoGetHeuristic");
    double best = 0;
    const Stream stream;
    for (int i = 0; i < count; ++i) {
      if (proposals[i].status != 0) continue;
      const double ns = timeOf(proposals[i].algorithm, stream);
      if (best == 0 || ns < best) {
        best = ns;
        algorithm_ = proposals[i].algorithm;
      }
    }
    if (best == 0) throw Error(ErrorCode::Io, "gpu: cuBLASLt proposes no algorithm for this product.");
  }

  double timeOf(const LtAlgorithm& algorithm, const Stream& stream) {
    Event start, end;
    double shortest = 0;
    multiply(algorithm, stream);
    for (int i = 0; i < 3; ++i) {
      start.record(stream);
      multiply(algorithm, stream);
      end.record(stream);
      end.synchronize();
      const double ns = end.nsSince(start);
      if (i == 0 || ns < shortest) shortest = ns;
    }
    return shortest;
  }

  GemmProblem problem_;
  Buffer<std::uint8_t> workspace_;
  LtOwner handle_;
  LtOwner desc_;
  std::unique_ptr<LtOwner> first_;   // our B
  std::unique_ptr<LtOwner> second_;  // our A
  std::unique_ptr<LtOwner> output_;
  LtAlgorithm algorithm_ = {};
};

Case cublasLtCase(const GemmShape& shape, Precision precision, bool quick) {
  CaseInfo info;
  info.name = "cublaslt-" + gemmName(shape, precision);
  info.group = "library";
  info.description = "matrix product C[M, N] = A[M, K] x B[K, N] by cuBLASLt, named MxNxK";
  info.mode = Mode::Cold;
  info.precision = precisionName(precision);
  info.quick = quick;
  return {info, [=] { return std::make_unique<CublasLtGemm>(shape, precision); }};
}

}  // namespace

std::vector<Case> cublasLtCases(const Device& device) {
  const std::string& absence = cublasLt().library.absence();
  if (!absence.empty()) return {absentLibrary("cublaslt", absence, true)};
  std::vector<Case> cases;
  const bool hasBf16AndTf32 = device.capability >= 80;
  for (const Precision precision : {Precision::Fp16, Precision::Bf16, Precision::Tf32}) {
    if (precision != Precision::Fp16 && !hasBf16AndTf32) continue;
    cases.push_back(cublasLtCase({8192, 8192, 8192}, precision, true));
    for (const GemmShape& shape : gemmShapes()) cases.push_back(cublasLtCase(shape, precision, false));
  }
  cases.push_back(cublasLtCase({8192, 8192, 8192}, Precision::Int8, true));
  cases.push_back(cublasLtCase({4096, 4096, 4096}, Precision::Fp32, true));
  return cases;
}

}  // namespace orion::gpu
