#include "storage/sample_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "storage/page_cache.h"
#include "storage/target.h"

namespace orion::storage {
namespace {

/** More open files than any loader announces; the oldest is closed then. */
constexpr std::size_t mostAnnounced = 64;

}  // namespace

void SampleReader::announce(const Sample& sample) {
  if (!policy_.readsAhead) return;
  try {
    if (sample.range) {
      const Opened& opened = rangedFile(sample.path);
      posix_fadvise(opened.file.get(), static_cast<off_t>(sample.range->start), static_cast<off_t>(sample.range->bytes),
                    POSIX_FADV_WILLNEED);
      return;
    }
    if (announced_.size() == mostAnnounced) announced_.erase(announced_.begin());
    announced_.push_back(open(sample.path));
    posix_fadvise(announced_.back().file.get(), 0, 0, POSIX_FADV_WILLNEED);
  } catch (const Error&) {
    // `read` will say it.
  }
}

std::size_t SampleReader::read(const Sample& sample, char* into, std::size_t room) {
  if (sample.range) {
    const auto [start, bytes] = *sample.range;
    if (bytes > room) return bytes;
    const std::size_t done = readRange(rangedFile(sample.path), start, bytes, into);
    if (done < bytes) throw Error(ErrorCode::Io, sample.path + " has become shorter.");
    return done;
  }
  Opened opened = takeWhole(sample.path);
  if (opened.bytes > room) {
    const std::size_t bytes = opened.bytes;
    announced_.insert(announced_.begin(), std::move(opened));
    return bytes;
  }
  return readRange(opened, 0, opened.bytes, into);
}

SampleReader::Opened SampleReader::open(const std::string& path) {
  // One call fewer than `inspectTarget` and `openTarget` need: this is done for every sample. O_NONBLOCK: a named pipe
  // must not make it wait.
  Opened opened{path, FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), 0};
  struct stat facts {};
  if (opened.file.get() < 0 || fstat(opened.file.get(), &facts) != 0) throw unreadable(path, errno);
  if (!S_ISREG(facts.st_mode)) throw Error(ErrorCode::BadInput, path + " is no regular file.");
  opened.bytes = static_cast<std::uint64_t>(facts.st_size);
  return opened;
}

SampleReader::Opened& SampleReader::rangedFile(const std::string& path) {
  const auto found =
      std::find_if(rangedFiles_.begin(), rangedFiles_.end(), [&path](const Opened& each) { return each.path == path; });
  if (found != rangedFiles_.end()) return *found;
  rangedFiles_.push_back(open(path));
  Opened& opened = rangedFiles_.back();
  if (policy_.exact) posix_fadvise(opened.file.get(), 0, 0, POSIX_FADV_RANDOM);
  return opened;
}

SampleReader::Opened SampleReader::takeWhole(const std::string& path) {
  const auto found =
      std::find_if(announced_.begin(), announced_.end(), [&path](const Opened& each) { return each.path == path; });
  if (found != announced_.end()) {
    Opened opened = std::move(*found);
    announced_.erase(found);
    return opened;
  }
  Opened opened = open(path);
  if (policy_.exact) posix_fadvise(opened.file.get(), 0, 0, POSIX_FADV_RANDOM);
  return opened;
}

std::size_t SampleReader::readRange(const Opened& opened, std::uint64_t start, std::uint64_t bytes, char* into) const {
  if (policy_.dropsBefore) dropRange(opened.file.get(), start, bytes);
  std::size_t done = 0;
  while (done < bytes) {
    const std::size_t wanted = std::min<std::uint64_t>(policy_.chunkBytes, bytes - done);
    const ssize_t count = pread(opened.file.get(), into + done, wanted, static_cast<off_t>(start + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw systemError("Reading " + opened.path + " failed", errno);
    if (count == 0) break;  // it has shrunk meanwhile
    done += static_cast<std::size_t>(count);
  }
  if (policy_.dropsAfter) dropRange(opened.file.get(), start, bytes);
  return done;
}

}  // namespace orion::storage
