#include "gpu/event.h"
#include "gpu/graph.h"
#include "gpu/kernels/launch.cuh"

namespace orion::gpu {
namespace {

__global__ void doNothing() {}

/** Of all cases here: no output, so no answer that could be wrong. */
class WithoutOutput : public Kernel {
 public:
  explicit WithoutOutput(unsigned steps) : steps_(steps) {}
  Work work() const override { return {0, 0, static_cast<double>(steps_)}; }
  Answer check(const Stream& stream) override {
    stream.synchronize();
    return {};
  }

 protected:
  unsigned steps_;
};

class Launches : public WithoutOutput {
 public:
  using WithoutOutput::WithoutOutput;

  void launch(const Stream& stream) override {
    for (unsigned i = 0; i < steps_; ++i) doNothing<<<1, 1, 0, stream.get()>>>();
    CUDA_CALL(cudaGetLastError());
  }
};

class EventRecords : public WithoutOutput {
 public:
  using WithoutOutput::WithoutOutput;

  void launch(const Stream& stream) override {
    for (unsigned i = 0; i < steps_; ++i) event_.record(stream);
  }

 private:
  Event event_;
};

/** Empty kernels, each after the last one, as an executable graph. */
class GraphOfLaunches : public WithoutOutput {
 public:
  explicit GraphOfLaunches(unsigned steps)
      : WithoutOutput(steps), graph_(recorder_, [&] {
          for (unsigned i = 0; i < steps_; ++i) doNothing<<<1, 1, 0, recorder_.get()>>>();
        }) {}

  void launch(const Stream& stream) override { graph_.launch(stream); }

 private:
  Stream recorder_;
  Graph graph_;
};

template <typename Queued>
Case launchCase(const std::string& name, const std::string& description, Mode mode, unsigned steps,
                const std::string& stepName) {
  return {{name, "launch", description, mode, "", stepName, true}, [steps] { return std::make_unique<Queued>(steps); }};
}

}  // namespace

std::vector<Case> launchCases(const Device&) {
  return {
      launchCase<Launches>("empty-kernel", "an empty kernel of one thread", Mode::Hot, 1, "launch"),
      launchCase<Launches>("empty-kernel-graph", "an empty kernel of one thread, in a CUDA graph", Mode::Graph, 1,
                           "launch"),
      launchCase<Launches>("launch-latency", "an empty kernel, from the call to its end", Mode::Host, 1, "launch"),
      launchCase<Launches>("launch-rate", "1,000 empty kernels, from the first call to the end of the last", Mode::Host,
                           1000, "launch"),
      launchCase<EventRecords>("event-record", "1,000 event records, from the first call to the end of the last",
                               Mode::Host, 1000, "event record"),
      launchCase<GraphOfLaunches>("graph-launch", "replay of a CUDA graph of an empty kernel, from the call to its end",
                                  Mode::Host, 1, "kernel"),
      launchCase<GraphOfLaunches>("graph-launch-100",
                                  "replay of a CUDA graph of 100 empty kernels in a row, from the call to its end",
                                  Mode::Host, 100, "kernel"),
  };
}

}  // namespace orion::gpu
