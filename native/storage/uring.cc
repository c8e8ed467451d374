#include "storage/engine.h"

#if __has_include(<linux/io_uring.h>)

#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"
#include "storage/ring.h"

namespace orion::storage {
namespace {

/**
 * Reads handed over in one system call: a quarter of the depth. One by one costs twice the CPU time at 4 KiB and depth
 * 32, all at once lets the device run dry meanwhile: it loses a sixth of the rate.
 */
unsigned batchOf(unsigned depth) { return std::max(2u, depth / 4); }

class UringEngine : public Engine {
 public:
  explicit UringEngine(const Resources& resources)
      : ring_(resources.depth), batch_(batchOf(resources.depth)), features_(ring_.features()) {
    buffersAreRegistered_ = registerBuffers(resources);
    filesAreRegistered_ = !resources.files.empty() && ring_.tryRegister(IORING_REGISTER_FILES, resources.files.data(),
                                                                        static_cast<unsigned>(resources.files.size()));
    if (buffersAreRegistered_) features_.emplace_back("registered buffers");
    if (filesAreRegistered_) features_.emplace_back("registered files");
  }

  void begin() override { ring_.enable(); }

  void submit(const Read& read) override {
    io_uring_sqe& entry = ring_.push();
    entry.opcode = buffersAreRegistered_ ? IORING_OP_READ_FIXED : IORING_OP_READ;
    entry.buf_index = static_cast<std::uint16_t>(buffersAreRegistered_ ? read.slot : 0);
    const bool isRegistered = filesAreRegistered_ && read.fileIndex != Read::unlisted;
    entry.flags = isRegistered ? IOSQE_FIXED_FILE : 0;
    entry.fd = isRegistered ? read.fileIndex : read.file;
    entry.off = read.offset;
    entry.addr = reinterpret_cast<std::uint64_t>(read.buffer);
    entry.len = read.bytes;
    entry.user_data = read.slot;
    if (ring_.pushed() == batch_) ring_.submit();
  }

  void wait(std::vector<Completion>& completions) override {
    do {
      ring_.submitAndWait();
    } while (ring_.reap(completions) == 0);
  }

  std::vector<std::string> features() const override { return features_; }

 private:
  /** Pinned once instead of for each read. The kernel refuses where they exceed the limit of locked memory. */
  bool registerBuffers(const Resources& resources) {
    std::vector<iovec> buffers;
    for (unsigned slot = 0; slot < resources.depth; ++slot) {
      buffers.push_back({resources.buffers + slot * resources.strideBytes, resources.strideBytes});
    }
    return ring_.tryRegister(IORING_REGISTER_BUFFERS, buffers.data(), resources.depth);
  }

  Ring ring_;
  unsigned batch_;
  bool buffersAreRegistered_ = false;
  bool filesAreRegistered_ = false;
  std::vector<std::string> features_;
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
  const FileDescriptor ring = setUpRing(1, parameters);
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

std::unique_ptr<Engine> makeUring(const Resources& resources) { return std::make_unique<UringEngine>(resources); }

}  // namespace orion::storage

#else

#include "base/error.h"

namespace orion::storage {

std::optional<std::string> uringObstacle() {
  return "the addon was built without the kernel's header linux/io_uring.h";
}

std::unique_ptr<Engine> makeUring(const Resources&) { throw Error(ErrorCode::MissingEngine, *uringObstacle() + "."); }

}  // namespace orion::storage

#endif
