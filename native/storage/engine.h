// How reads reach the kernel. An engine serves one thread. A new one: a file of its own and an entry in `engines()`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orion::storage {

/** One read in flight. `slot`, in [0, depth), names it until its completion. */
struct Read {
  unsigned slot = 0;
  int file = -1;
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
  void* buffer = nullptr;
};

struct Completion {
  unsigned slot = 0;
  std::int64_t result = 0;  // bytes read, or -errno
};

class Engine {
 public:
  virtual ~Engine() = default;
  /** Starts a read at once. At most one per slot is in flight. */
  virtual void submit(const Read& read) = 0;
  /** Blocks until at least one read is done; appends all that are. Only called with reads in flight. */
  virtual void wait(std::vector<Completion>& completions) = 0;
};

using MakeEngine = std::function<std::unique_ptr<Engine>(unsigned depth)>;

struct EngineEntry {
  const char* name;
  std::unique_ptr<Engine> (*make)(unsigned depth);
  /** Why it cannot be used on this machine; nothing where it can. */
  std::optional<std::string> (*obstacle)();
};

/** All engines in order of preference; the null engine, which reads nothing, last. */
const std::vector<EngineEntry>& engines();

/** Entry of the named engine, or for "auto" the first real one that can be used. Throws BadInput or MissingEngine. */
const EngineEntry& chooseEngine(const std::string& name);

std::unique_ptr<Engine> makeUring(unsigned depth);
std::optional<std::string> uringObstacle();
std::unique_ptr<Engine> makePsync(unsigned depth);
std::unique_ptr<Engine> makeNull(unsigned depth);

}  // namespace orion::storage
