// io_uring by raw system calls (io_uring_setup(2), io_uring_enter(2)): no library is needed to build or run it.
#include "storage/engine.h"

#if __has_include(<linux/io_uring.h>)

#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/file_descriptor.h"

namespace orion::storage {
namespace {

FileDescriptor setUp(unsigned entries, io_uring_params& parameters) {
  return FileDescriptor(static_cast<int>(syscall(SYS_io_uring_setup, entries, &parameters)));
}

/** A shared mapping of one part of the ring. */
class Mapping {
 public:
  Mapping(const FileDescriptor& ring, std::size_t bytes, off_t part) : bytes_(bytes) {
    start_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.get(), part);
    if (start_ == MAP_FAILED) throw systemError("Cannot map the io_uring queues", errno);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { munmap(start_, bytes_); }

  template <typename T>
  T* at(std::size_t offset) const {
    return reinterpret_cast<T*>(static_cast<char*>(start_) + offset);
  }

 private:
  void* start_ = nullptr;
  std::size_t bytes_;
};

class UringEngine : public Engine {
 public:
  explicit UringEngine(unsigned depth)
      : ring_(setUpOrThrow(depth, parameters_)),
        submissions_(ring_, parameters_.sq_off.array + parameters_.sq_entries * sizeof(std::uint32_t),
                     IORING_OFF_SQ_RING),
        completions_(ring_, parameters_.cq_off.cqes + parameters_.cq_entries * sizeof(io_uring_cqe),
                     IORING_OFF_CQ_RING),
        entries_(ring_, parameters_.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES) {}

  // One system call per read: batching the submissions lost a sixth of the rate at 4 KiB and depth 32.
  void submit(const Read& read) override {
    auto* const tail = submissions_.at<std::uint32_t>(parameters_.sq_off.tail);
    const std::uint32_t mask = *submissions_.at<std::uint32_t>(parameters_.sq_off.ring_mask);
    const std::uint32_t index = *tail & mask;  // only this thread moves the tail

    io_uring_sqe& entry = entries_.at<io_uring_sqe>(0)[index];
    std::memset(&entry, 0, sizeof entry);
    entry.opcode = IORING_OP_READ;
    entry.fd = read.file;
    entry.off = read.offset;
    entry.addr = reinterpret_cast<std::uint64_t>(read.buffer);
    entry.len = read.bytes;
    entry.user_data = read.slot;

    submissions_.at<std::uint32_t>(parameters_.sq_off.array)[index] = index;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    enter(1, 0, 0);
  }

  void wait(std::vector<Completion>& completions) override {
    while (reap(completions) == 0) enter(0, 1, IORING_ENTER_GETEVENTS);
  }

 private:
  static FileDescriptor setUpOrThrow(unsigned depth, io_uring_params& parameters) {
    FileDescriptor ring = setUp(depth, parameters);
    if (ring.get() < 0) throw systemError("Cannot set up io_uring for depth " + std::to_string(depth), errno);
    return ring;
  }

  std::size_t reap(std::vector<Completion>& completions) {
    auto* const head = completions_.at<std::uint32_t>(parameters_.cq_off.head);
    const auto* tail = completions_.at<std::uint32_t>(parameters_.cq_off.tail);
    const std::uint32_t mask = *completions_.at<std::uint32_t>(parameters_.cq_off.ring_mask);
    const auto* entries = completions_.at<io_uring_cqe>(parameters_.cq_off.cqes);

    const std::uint32_t first = *head;  // only this thread moves the head
    const std::uint32_t end = __atomic_load_n(tail, __ATOMIC_ACQUIRE);
    for (std::uint32_t i = first; i != end; ++i) {
      const io_uring_cqe& entry = entries[i & mask];
      completions.push_back({static_cast<unsigned>(entry.user_data), entry.res});
    }
    __atomic_store_n(head, end, __ATOMIC_RELEASE);
    return end - first;
  }

  void enter(unsigned submit, unsigned waitFor, unsigned flags) {
    while (syscall(SYS_io_uring_enter, ring_.get(), submit, waitFor, flags, nullptr, 0) < 0) {
      if (errno != EINTR && errno != EAGAIN && errno != EBUSY) throw systemError("io_uring_enter failed", errno);
    }
  }

  io_uring_params parameters_{};
  FileDescriptor ring_;
  Mapping submissions_;
  Mapping completions_;
  Mapping entries_;
};

/** IORING_OP_READ came with Linux 5.6, as did the question whether it is there. */
bool canRead(const FileDescriptor& ring) {
  constexpr unsigned operations = 256;
  alignas(io_uring_probe) char memory[sizeof(io_uring_probe) + operations * sizeof(io_uring_probe_op)] = {};
  auto* probe = reinterpret_cast<io_uring_probe*>(memory);
  if (syscall(SYS_io_uring_register, ring.get(), IORING_REGISTER_PROBE, probe, operations) != 0) return false;
  return probe->last_op >= IORING_OP_READ && (probe->ops[IORING_OP_READ].flags & IO_URING_OP_SUPPORTED) != 0;
}

}  // namespace

std::optional<std::string> uringObstacle() {
  io_uring_params parameters{};
  const FileDescriptor ring = setUp(1, parameters);
  if (ring.get() < 0) {
    const int reason = errno;
    std::string sentence = systemError("io_uring_setup failed", reason).what();
    if (reason == EPERM || reason == EACCES) {
      sentence += " (kernel.io_uring_disabled, or a container's seccomp profile)";
    }
    if (reason == ENOSYS) sentence += " (it needs Linux 5.6)";
    return sentence;
  }
  if (!canRead(ring)) return "this kernel's io_uring has no plain read (it needs Linux 5.6)";
  return std::nullopt;
}

std::unique_ptr<Engine> makeUring(unsigned depth) { return std::make_unique<UringEngine>(depth); }

}  // namespace orion::storage

#else

#include "base/error.h"

namespace orion::storage {

std::optional<std::string> uringObstacle() {
  return "the addon was built without the kernel's header linux/io_uring.h";
}

std::unique_ptr<Engine> makeUring(unsigned) { throw Error(ErrorCode::MissingEngine, *uringObstacle() + "."); }

}  // namespace orion::storage

#endif
