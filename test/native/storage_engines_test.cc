// The engines, without the reader that drives them.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <vector>

#include "check.h"
#include "storage/engine.h"
#include "storage/target.h"
#include "temporary_file.h"

#if __has_include(<linux/io_uring.h>)
#include "storage/ring.h"
#endif

using namespace orion;
using namespace orion::storage;

namespace {

/** Page-aligned buffers, and files that stay open. */
struct Place {
  static constexpr std::uint32_t blockBytes = 4096;

  Place(unsigned depth, std::vector<int> files)
      : memory(static_cast<char*>(std::aligned_alloc(blockBytes, std::size_t{blockBytes} * depth)), std::free),
        resources{depth, memory.get(), blockBytes, std::move(files)} {
    std::memset(memory.get(), 0, std::size_t{blockBytes} * depth);
  }

  Read read(unsigned slot, int fileIndex, std::uint64_t offset) const {
    return {slot, resources.files[0], fileIndex, offset, blockBytes, memory.get() + std::size_t{slot} * blockBytes};
  }

  std::unique_ptr<char, void (*)(void*)> memory;
  Resources resources;
};

/** @param fileIndex how a read names its file: by its place in the resources, or by its descriptor alone */
void checkEngineReadsContent(const EngineEntry& entry, unsigned depth, int fileIndex) {
  const std::string content = distinctContent(std::size_t{Place::blockBytes} * 64);
  const TemporaryFile file(content);
  const FileDescriptor open = openTarget(inspectTarget(file.path()), false);
  const Place place(depth, {open.get()});
  const auto engine = entry.make(place.resources);
  engine->begin();

  std::vector<std::uint64_t> offsets(depth);
  std::uint64_t next = 0;
  unsigned inFlight = 0;
  const auto submit = [&](unsigned slot) {
    offsets[slot] = next;
    engine->submit(place.read(slot, fileIndex, next));
    next += Place::blockBytes;
    ++inFlight;
  };
  std::set<std::uint64_t> seen;
  for (unsigned slot = 0; slot < depth; ++slot) submit(slot);
  while (inFlight > 0) {
    std::vector<Completion> completions;
    engine->wait(completions);
    CHECK(!completions.empty());
    for (const Completion& done : completions) {
      --inFlight;
      CHECK_EQUAL(done.result, std::int64_t{Place::blockBytes});
      CHECK(seen.insert(offsets[done.slot]).second);
      const char* buffer = place.memory.get() + std::size_t{done.slot} * Place::blockBytes;
      CHECK(content.compare(offsets[done.slot], Place::blockBytes, buffer, Place::blockBytes) == 0);
      if (next < content.size()) submit(done.slot);
    }
  }
  CHECK_EQUAL(seen.size(), 64u);
}

void skipWithoutUring() {
  if (const auto obstacle = uringObstacle()) check::skip(*obstacle);
}

}  // namespace

CASE(engine_choice) {
  CHECK(chooseEngine("auto").name != std::string("null"));
  CHECK_EQUAL(std::string(chooseEngine("psync").name), "psync");
  CHECK_EQUAL(SENTENCE_OF(BadInput, chooseEngine("mmap")),
              "There is no storage engine 'mmap': choose auto, uring, psync or null.");
}

CASE(uring_reads_the_content) {
  skipWithoutUring();
  for (unsigned depth : {1u, 8u}) {
    for (int fileIndex : {0, Read::unlisted}) checkEngineReadsContent(chooseEngine("uring"), depth, fileIndex);
  }
}

CASE(psync_reads_the_content) { checkEngineReadsContent(chooseEngine("psync"), 1, 0); }

CASE(engines_report_errors_of_the_kernel) {
  for (const EngineEntry& entry : engines()) {
    if (entry.obstacle() || entry.name == std::string("null")) continue;
    const Place place(1, {-1});
    const auto engine = entry.make(place.resources);
    engine->begin();
    engine->submit(place.read(0, Read::unlisted, 0));
    std::vector<Completion> completions;
    engine->wait(completions);
    CHECK_EQUAL(completions.front().result, std::int64_t{-EBADF});
  }
}

#if __has_include(<linux/io_uring.h>)
CASE(the_ring_refuses_whatever_is_not_a_read) {
  skipWithoutUring();
  Ring ring(4);
  const auto& features = ring.features();
  if (std::find(features.begin(), features.end(), "restricted to reads") == features.end()) {
    check::skip("this kernel has no restrictions of io_uring (it needs Linux 5.10)");
  }
  ring.enable();
  const TemporaryFile file("before");
  const FileDescriptor writable(open(file.path().c_str(), O_RDWR));
  char text[] = "after!";
  for (const std::uint8_t operation : {IORING_OP_WRITE, IORING_OP_FALLOCATE, IORING_OP_FSYNC}) {
    io_uring_sqe& entry = ring.push();
    entry.opcode = operation;
    entry.fd = writable.get();
    entry.addr = reinterpret_cast<std::uint64_t>(text);
    entry.len = 6;
    ring.submitAndWait();
    std::vector<Completion> completions;
    CHECK_EQUAL(ring.reap(completions), 1u);
    CHECK_EQUAL(completions.front().result, std::int64_t{-EACCES});
  }
  char content[7] = {};
  CHECK_EQUAL(pread(writable.get(), content, 6, 0), 6);
  CHECK_EQUAL(std::string(content), "before");
}
#endif
