#pragma once

#include "gpu/stream.h"

namespace orion::gpu {

/** Owns an executable graph of what a callable queues on a stream. */
class Graph {
 public:
  /** @param queue callable: queues work on `stream`, which runs nothing of it now */
  template <typename Queue>
  Graph(const Stream& stream, Queue&& queue) {
    CUDA_CALL(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal));
    cudaGraph_t graph = nullptr;
    try {
      queue();
    } catch (...) {
      cudaStreamEndCapture(stream.get(), &graph);
      if (graph) cudaGraphDestroy(graph);
      throw;
    }
    CUDA_CALL(cudaStreamEndCapture(stream.get(), &graph));
    const cudaError_t status = cudaGraphInstantiate(&handle_, graph, 0);
    cudaGraphDestroy(graph);
    CUDA_CALL(status);
  }
  ~Graph() { cudaGraphExecDestroy(handle_); }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  void launch(const Stream& stream) const { CUDA_CALL(cudaGraphLaunch(handle_, stream.get())); }

 private:
  cudaGraphExec_t handle_ = nullptr;
};

}  // namespace orion::gpu
