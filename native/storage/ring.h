// io_uring by raw system calls (io_uring_setup(2), io_uring_enter(2), io_uring_register(2)): no library is needed to
// build or run it.
#pragma once

#include <linux/io_uring.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "storage/engine.h"

namespace orion::storage {

/** Asks the kernel for a ring; the descriptor is -1 (see errno) where it refuses. */
FileDescriptor setUpRing(unsigned entries, io_uring_params& parameters);

/** A shared mapping of one part of a ring. */
class RingMapping {
 public:
  RingMapping(const FileDescriptor& ring, std::size_t bytes, off_t part);
  RingMapping(const RingMapping&) = delete;
  RingMapping& operator=(const RingMapping&) = delete;
  ~RingMapping();

  template <typename T>
  T* at(std::size_t offset) const {
    return reinterpret_cast<T*>(static_cast<char*>(start_) + offset);
  }

 private:
  void* start_ = nullptr;
  std::size_t bytes_;
};

/**
 * One io_uring for reads, set up with the best of what this kernel has. Where the kernel can (Linux 5.10), the ring is
 * restricted to reads: no other operation can pass through it. It is made disabled; `enable` binds it to a thread.
 */
class Ring {
 public:
  explicit Ring(unsigned entries);

  /** io_uring_register; false, with errno, where the kernel refuses. */
  bool tryRegister(unsigned operation, const void* argument, unsigned count);
  /** Called by the thread that will use the ring, once, before its first entry. */
  void enable();

  /** The next entry of the submission queue, zeroed; there must be room for it. */
  io_uring_sqe& push();
  unsigned pushed() const { return pushed_; }
  /** Hands over what was pushed. */
  void submit() { enter(0); }
  /** Hands over what was pushed and waits until a completion is there. */
  void submitAndWait() { enter(1); }
  /** Appends all completions that are there; returns how many. */
  std::size_t reap(std::vector<Completion>& completions);

  const std::vector<std::string>& features() const { return features_; }

 private:
  FileDescriptor setUpOrThrow(unsigned entries);
  void restrictToReads();
  void enter(unsigned waitFor);

  std::vector<std::string> features_;
  io_uring_params parameters_{};
  FileDescriptor descriptor_;
  RingMapping submissions_;
  RingMapping completions_;
  RingMapping entries_;
  std::uint32_t tail_ = 0;  // of the submission queue: only we move it
  unsigned pushed_ = 0;     // entries not handed over yet
};

}  // namespace orion::storage
