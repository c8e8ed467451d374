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

/** One read in flight. `slot`, in [0, depth), names it and its buffer until its completion. */
struct Read {
  static constexpr int unlisted = -1;

  unsigned slot = 0;
  int file = -1;
  int fileIndex = unlisted;  // of `file` in Resources::files
  std::uint64_t offset = 0;
  std::uint32_t bytes = 0;
  void* buffer = nullptr;  // within the slot's part of Resources::buffers
};

struct Completion {
  unsigned slot = 0;
  std::int64_t result = 0;  // bytes read, or -errno
};

/** What the reads of one engine will use; it outlives the engine. */
struct Resources {
  unsigned depth = 1;
  char* buffers = nullptr;      // [depth x strideBytes]
  std::size_t strideBytes = 0;  // from one slot's buffer to the next
  std::vector<int> files;       // those that stay open all the time
};

class Engine {
 public:
  virtual ~Engine() = default;
  /** Called first, and once, by the thread that submits and waits: another than the one that made the engine. */
  virtual void begin() {}
  /** Starts a read, at the latest when `wait` is called. At most one per slot is in flight. */
  virtual void submit(const Read& read) = 0;
  /** Blocks until at least one read is done; appends all that are. Only called with reads in flight. */
  virtual void wait(std::vector<Completion>& completions) = 0;
  /** What it uses of what it could, in words, for the record. */
  virtual std::vector<std::string> features() const { return {}; }
};

using MakeEngine = std::function<std::unique_ptr<Engine>(const Resources&)>;

struct EngineEntry {
  const char* name;
  std::unique_ptr<Engine> (*make)(const Resources&);
  /** Why it cannot be used on this machine; nothing where it can. */
  std::optional<std::string> (*obstacle)();
  /** It has one read in flight at a time, whatever the depth: a depth is made of threads. */
  bool isSynchronous;
};

/** All engines in order of preference; the null engine, which reads nothing, last. */
const std::vector<EngineEntry>& engines();

/** Entry of the named engine, or for "auto" the first real one that can be used. Throws BadInput or MissingEngine. */
const EngineEntry& chooseEngine(const std::string& name);

std::unique_ptr<Engine> makeUring(const Resources& resources);
std::optional<std::string> uringObstacle();
std::unique_ptr<Engine> makePsync(const Resources& resources);
std::unique_ptr<Engine> makeNull(const Resources& resources);

}  // namespace orion::storage
