#if __has_include(<linux/io_uring.h>)

#include "storage/ring.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace orion::storage {
namespace {

// From linux/io_uring.h: build machines may have headers older than the running kernel.
constexpr unsigned setupDisabled = 1u << 6;       // IORING_SETUP_R_DISABLED, Linux 5.10
constexpr unsigned setupCooperative = 1u << 8;    // IORING_SETUP_COOP_TASKRUN, Linux 5.19
constexpr unsigned setupSingleIssuer = 1u << 12;  // IORING_SETUP_SINGLE_ISSUER, Linux 6.0
constexpr unsigned setupDeferred = 1u << 13;      // IORING_SETUP_DEFER_TASKRUN, Linux 6.1
constexpr unsigned registerRestrictions = 11;     // IORING_REGISTER_RESTRICTIONS, Linux 5.10
constexpr unsigned registerEnable = 12;           // IORING_REGISTER_ENABLE_RINGS, Linux 5.10

struct Setup {
  unsigned flags;
  const char* feature;
};

/** Best first. Deferred: completions are handled when we wait, not whenever they interrupt. */
constexpr Setup setups[] = {
    {setupSingleIssuer | setupDeferred | setupDisabled, "completions deferred to the wait"},
    {setupCooperative | setupDisabled, "completions without interrupts"},
    {setupDisabled, nullptr},
    {0, nullptr},
};

/** struct io_uring_restriction. */
struct Restriction {
  std::uint16_t kind;
  std::uint8_t value;
  std::uint8_t reserved[13];
};

constexpr std::uint16_t allowOperation = 1;  // IORING_RESTRICTION_SQE_OP
constexpr std::uint16_t allowFlags = 2;      // IORING_RESTRICTION_SQE_FLAGS_ALLOWED

}  // namespace

FileDescriptor setUpRing(unsigned entries, io_uring_params& parameters) {
  return FileDescriptor(static_cast<int>(syscall(SYS_io_uring_setup, entries, &parameters)));
}

RingMapping::RingMapping(const FileDescriptor& ring, std::size_t bytes, off_t part) : bytes_(bytes) {
  start_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.get(), part);
  if (start_ == MAP_FAILED) throw systemError("Cannot map the io_uring queues", errno);
}

RingMapping::~RingMapping() { munmap(start_, bytes_); }

Ring::Ring(unsigned entries)
    : descriptor_(setUpOrThrow(entries)),
      submissions_(descriptor_, parameters_.sq_off.array + parameters_.sq_entries * sizeof(std::uint32_t),
                   IORING_OFF_SQ_RING),
      completions_(descriptor_, parameters_.cq_off.cqes + parameters_.cq_entries * sizeof(io_uring_cqe),
                   IORING_OFF_CQ_RING),
      entries_(descriptor_, parameters_.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES) {
  auto* const order = submissions_.at<std::uint32_t>(parameters_.sq_off.array);
  for (std::uint32_t i = 0; i < parameters_.sq_entries; ++i) order[i] = i;
  if ((parameters_.flags & setupDisabled) != 0) restrictToReads();
}

FileDescriptor Ring::setUpOrThrow(unsigned entries) {
  for (const Setup& setup : setups) {
    parameters_ = {};
    parameters_.flags = setup.flags;
    FileDescriptor ring = setUpRing(entries, parameters_);
    if (ring.get() < 0 && errno == EINVAL && setup.flags != 0) continue;  // an older kernel
    if (ring.get() < 0) throw systemError("Cannot set up io_uring for depth " + std::to_string(entries), errno);
    if (setup.feature != nullptr) features_.emplace_back(setup.feature);
    return ring;
  }
  throw Error(ErrorCode::MissingEngine, "io_uring cannot be set up.");
}

void Ring::restrictToReads() {
  const Restriction restrictions[] = {{allowOperation, IORING_OP_READ, {}},
                                      {allowOperation, IORING_OP_READ_FIXED, {}},
                                      {allowFlags, IOSQE_FIXED_FILE, {}}};
  if (!tryRegister(registerRestrictions, restrictions, std::size(restrictions))) {
    throw systemError("Cannot restrict io_uring to reads", errno);
  }
  features_.emplace_back("restricted to reads");
}

bool Ring::tryRegister(unsigned operation, const void* argument, unsigned count) {
  return syscall(SYS_io_uring_register, descriptor_.get(), operation, argument, count) == 0;
}

void Ring::enable() {
  if ((parameters_.flags & setupDisabled) == 0) return;
  if (!tryRegister(registerEnable, nullptr, 0)) throw systemError("Cannot enable io_uring", errno);
}

io_uring_sqe& Ring::push() {
  const std::uint32_t mask = *submissions_.at<std::uint32_t>(parameters_.sq_off.ring_mask);
  io_uring_sqe& entry = entries_.at<io_uring_sqe>(0)[tail_ & mask];
  std::memset(&entry, 0, sizeof entry);
  ++tail_;
  ++pushed_;
  return entry;
}

std::size_t Ring::reap(std::vector<Completion>& completions) {
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

/** The kernel may take fewer entries than it was given, and then does not wait. */
void Ring::enter(unsigned waitFor) {
  __atomic_store_n(submissions_.at<std::uint32_t>(parameters_.sq_off.tail), tail_, __ATOMIC_RELEASE);
  const unsigned flags = waitFor > 0 ? IORING_ENTER_GETEVENTS : 0;
  do {
    const long taken = syscall(SYS_io_uring_enter, descriptor_.get(), pushed_, waitFor, flags, nullptr, 0);
    if (taken >= 0) {
      pushed_ -= static_cast<unsigned>(taken);
    } else if (errno != EINTR && errno != EAGAIN && errno != EBUSY) {
      throw systemError("io_uring_enter failed", errno);
    }
  } while (pushed_ > 0);
}

}  // namespace orion::storage

#endif
