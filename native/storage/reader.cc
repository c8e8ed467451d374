#include "storage/reader.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "base/error.h"
#include "base/interruption.h"
#include "timing/clock.h"

namespace orion::storage {
namespace {

std::size_t roundUp(std::size_t value, std::size_t step) { return (value + step - 1) / step * step; }

/** Of buffers so large: pieces of a read that lie side by side in physical memory are copied and mapped at once. */
constexpr std::size_t hugePageBytes = std::size_t{2} << 20;

/** A page, or more where O_DIRECT asks for it. */
std::size_t bufferAlignment(const TargetSet& targets) {
  constexpr std::size_t pageBytes = 4096;
  return std::max<std::size_t>(pageBytes, targets.alignmentBytes());
}

}  // namespace

Reader::Reader(Session& session, const MakeEngine& makeEngine)
    : session_(session),
      strideBytes_(roundUp(session.request.blockBytes, bufferAlignment(session.targets))),
      buffers_(nullptr, std::free),
      slots_(session.request.depth) {
  const std::size_t alignment =
      strideBytes_ * slots_.size() < hugePageBytes ? bufferAlignment(session.targets) : hugePageBytes;
  const std::size_t bytes = roundUp(strideBytes_ * slots_.size(), alignment);
  buffers_.reset(static_cast<char*>(std::aligned_alloc(alignment, bytes)));
  if (!buffers_) throw std::bad_alloc();
  // Advice only: a kernel without huge pages refuses it.
  if (alignment == hugePageBytes) madvise(buffers_.get(), bytes, MADV_HUGEPAGE);
  std::memset(buffers_.get(), 0, bytes);
  completions_.reserve(slots_.size());
  engine_ = makeEngine({session.request.depth, buffers_.get(), strideBytes_, session.targets.openFiles()});
}

void Reader::run() {
  engine_->begin();
  try {
    for (unsigned slot = 0; slot < slots_.size(); ++slot) fill(slot);
    while (inFlight_ > 0) {
      waitForCompletions();
      const std::int64_t now = timing::monotonicNs();
      if (!cpuAtWindowStart_ && now >= session_.windowStartNs) cpuAtWindowStart_ = threadCpuTime();
      for (const Completion& completion : completions_) complete(completion, now);
    }
  } catch (...) {
    session_.stop = true;
    drain();
    countCpuTime();
    throw;
  }
  countCpuTime();
}

void Reader::countCpuTime() {
  if (cpuAtWindowStart_) result_.cpu = threadCpuTime() - *cpuAtWindowStart_;
}

/** All that are there count as ended at once: one that failed must not leave those after it to be waited for. */
void Reader::waitForCompletions() {
  completions_.clear();
  engine_->wait(completions_);
  inFlight_ -= static_cast<unsigned>(completions_.size());
  std::uint64_t bytes = readBytes();
  for (const Completion& completion : completions_) {
    if (completion.result > 0) {
      bytes += roundUp(static_cast<std::size_t>(completion.result), session_.targets.alignmentBytes());
    }
  }
  readBytes_.store(bytes, std::memory_order_relaxed);  // only this thread writes it
}

/** Puts the next read into a free slot, unless time or bytes are spent. */
void Reader::fill(unsigned index) {
  Slot& slot = slots_[index];
  slot.startNs = timing::monotonicNs();
  nextBlock(slot);
  if (mayIssue(slot.blockBytes, slot.startNs)) submit(index);
}

/** Moves on to the item's next block, or to the next item. A file that is opened on demand is: part of the latency. */
void Reader::nextBlock(Slot& slot) {
  if (slot.itemDone == slot.item.bytes) {
    slot.item = session_.pattern.item(session_.nextItem++);
    slot.itemDone = 0;
    if (session_.targets.opensOnDemand()) slot.ownFile = session_.targets.openNow(slot.item.file);
  }
  slot.blockBytes =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(session_.request.blockBytes, slot.item.bytes - slot.itemDone));
  slot.blockDone = 0;
}

bool Reader::mayIssue(std::uint32_t bytes, std::int64_t nowNs) {
  if (session_.stop || isInterrupted()) return false;
  if (nowNs >= session_.deadlineNs) {
    result_.reachedDeadline = true;
    return false;
  }
  if (session_.request.maxBytes == 0 || nowNs < session_.windowStartNs) return true;
  return session_.issuedBytes.fetch_add(bytes) < session_.request.maxBytes;
}

void Reader::submit(unsigned index) {
  const Slot& slot = slots_[index];
  const bool own = session_.targets.opensOnDemand();
  Read read;
  read.slot = index;
  read.file = own ? slot.ownFile.get() : session_.targets.openFile(slot.item.file);
  read.fileIndex = own ? Read::unlisted : static_cast<int>(slot.item.file);
  read.offset = slot.item.offset + slot.itemDone + slot.blockDone;
  // The last block of a file may end anywhere, an O_DIRECT read may not: the kernel cuts it at the end of the file.
  read.bytes = static_cast<std::uint32_t>(roundUp(slot.blockBytes - slot.blockDone, session_.targets.alignmentBytes()));
  read.buffer = buffers_.get() + index * strideBytes_ + slot.blockDone;
  engine_->submit(read);
  ++inFlight_;
}

void Reader::complete(const Completion& completion, std::int64_t nowNs) {
  Slot& slot = slots_[completion.slot];
  const bool again = completion.result == -EINTR || completion.result == -EAGAIN;
  if (completion.result <= 0 && !again) {
    const std::string what = "A read of " + std::to_string(slot.blockBytes) + " bytes at offset " +
                             std::to_string(slot.item.offset + slot.itemDone) + " of " +
                             session_.targets.targets()[slot.item.file].path;
    if (completion.result < 0) throw systemError(what + " failed", static_cast<int>(-completion.result));
    throw Error(ErrorCode::Io, what + " found the end of the file: it has shrunk since it was opened");
  }
  if (!again) {
    const auto left = static_cast<std::int64_t>(slot.blockBytes - slot.blockDone);
    slot.blockDone += static_cast<std::uint32_t>(std::min(completion.result, left));
  }
  if (slot.blockDone < slot.blockBytes) {
    submit(completion.slot);
    return;
  }

  slot.itemDone += slot.blockBytes;
  if (nowNs >= session_.windowStartNs && nowNs <= session_.deadlineNs) count(slot, nowNs);
  fill(completion.slot);
}

void Reader::count(const Slot& slot, std::int64_t nowNs) {
  result_.latency.add(nowNs - slot.startNs);
  result_.bytes += slot.blockBytes;
  result_.lastCompletionNs = nowNs;
  const auto interval = static_cast<std::size_t>((nowNs - session_.windowStartNs) / Series::intervalNs);
  result_.series.add(interval, slot.blockBytes);
}

/** The kernel still writes into our buffers: they must outlive every read in flight. */
void Reader::drain() {
  while (inFlight_ > 0) waitForCompletions();
}

}  // namespace orion::storage
