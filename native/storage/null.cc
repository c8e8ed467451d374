// Completes every read at once and touches no data: measures and tests the harness itself.
#include "storage/engine.h"

namespace orion::storage {
namespace {

class NullEngine : public Engine {
 public:
  void submit(const Read& read) override { done_.push_back({read.slot, read.bytes}); }

  void wait(std::vector<Completion>& completions) override {
    completions.insert(completions.end(), done_.begin(), done_.end());
    done_.clear();
  }

 private:
  std::vector<Completion> done_;
};

}  // namespace

std::unique_ptr<Engine> makeNull(const Resources&) { return std::make_unique<NullEngine>(); }

}  // namespace orion::storage
