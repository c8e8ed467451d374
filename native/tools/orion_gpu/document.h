#pragma once

#include <string>
#include <vector>

#include "gpu/gpu.h"

namespace orion::tools {

/** The JSON document of a run: every device with the measurements that it has so far. */
class Document {
 public:
  /** @param suite as the document names it; @param file written anew with every measurement; empty = standard output */
  Document(const gpu::Inventory& found, std::string suite, std::string file);

  void begin(const gpu::Device& device);
  void add(const gpu::Measurement& measurement);
  void add(const gpu::UserMeasurement& measurement);
  /** Prints it, unless it goes to a file or has no measurement. */
  void finish() const;

 private:
  struct Part {
    gpu::Device device;
    std::vector<std::string> measurements;
  };

  void append(const std::string& json);
  std::string text() const;
  void write() const;

  gpu::Inventory found_;
  std::string suite_;
  std::string file_;
  std::string startedAt_;
  std::vector<Part> devices_;
};

}  // namespace orion::tools
