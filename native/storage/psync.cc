// pread, one at a time in the caller's thread: a depth is made of threads, without any hand-over between them.
#include <unistd.h>

#include <cerrno>

#include "storage/engine.h"

namespace orion::storage {
namespace {

class PsyncEngine : public Engine {
 public:
  void submit(const Read& read) override { pending_ = read; }

  void wait(std::vector<Completion>& completions) override {
    const ssize_t result = pread(pending_.file, pending_.buffer, pending_.bytes, static_cast<off_t>(pending_.offset));
    completions.push_back({pending_.slot, result < 0 ? -errno : result});
  }

 private:
  Read pending_;
};

}  // namespace

std::unique_ptr<Engine> makePsync(const Resources&) { return std::make_unique<PsyncEngine>(); }

}  // namespace orion::storage
