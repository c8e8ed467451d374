#pragma once

#include <optional>
#include <string>

namespace orion::gpu {

enum class Mode {
  Cold,   // one launch per sample, between two events: L2 flushed, stream held back until the launch is queued
  Hot,    // a batch of launches back to back per sample, between two events; time of one
  Graph,  // likewise, the batch replayed as a CUDA graph
  Host,   // one launch per sample, by the host's clock, from the call to the end of the work
};

struct CaseInfo {
  std::string name;  // of the suite, unique: "copy", "matrix-fp16"
  /** memory, cache, shared, arithmetic, matrix, latency, atomic, launch, transfer, training, roofline or library */
  std::string group;
  std::string description;  // what a launch does, one line
  Mode mode = Mode::Cold;
  std::string precision;  // fp64, fp32, tf32, fp16, bf16, int8; empty where it does not matter
  std::string stepName;   // of Work::steps, singular: "dependent load"; empty where there are none
  bool quick = false;     // part of the quick suite
};

/** As reported: "cold", "hot", "graph", "host". */
const char* nameOf(Mode mode);
/** Nothing for another name. */
std::optional<Mode> modeNamed(const std::string& name);

}  // namespace orion::gpu
