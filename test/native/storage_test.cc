#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "check.h"
#include "storage/cpu_time.h"
#include "storage/engine.h"
#include "storage/measure.h"
#include "storage/pattern.h"
#include "storage/permutation.h"
#include "storage/sample_reader.h"
#include "storage/steady_state.h"
#include "storage/target.h"
#include "temporary_file.h"

using namespace orion;
using namespace orion::storage;

namespace {

/** Completes reads without any I/O, remembering them; a test says how each ends. */
class ScriptedEngine : public Engine {
 public:
  using Outcome = std::function<std::int64_t(const Read&)>;

  struct Log {
    std::vector<Read> reads;
    std::size_t mostInFlight = 0;
  };

  ScriptedEngine(std::shared_ptr<Log> log, Outcome outcome) : log_(std::move(log)), outcome_(std::move(outcome)) {}

  void submit(const Read& read) override {
    inFlight_.push_back(read);
    log_->reads.push_back(read);
    log_->mostInFlight = std::max(log_->mostInFlight, inFlight_.size());
  }

  void wait(std::vector<Completion>& completions) override {
    const Read read = inFlight_.back();
    inFlight_.pop_back();
    completions.push_back({read.slot, outcome_(read)});
  }

 private:
  std::shared_ptr<Log> log_;
  Outcome outcome_;
  std::vector<Read> inFlight_;
};

std::int64_t whole(const Read& read) { return read.bytes; }

MakeEngine scripted(std::shared_ptr<ScriptedEngine::Log> log, ScriptedEngine::Outcome outcome) {
  return [log, outcome](const Resources&) { return std::make_unique<ScriptedEngine>(log, outcome); };
}

/** Buffered, until all bytes of the targets were read. */
Request readOnce(const std::vector<std::string>& paths, PatternKind pattern, std::uint64_t bytes) {
  Request request;
  request.paths = paths;
  request.pattern = pattern;
  request.direct = false;
  request.depth = 4;
  request.durationMs = 20'000;
  request.maxBytes = bytes;
  return request;
}

void skipWithoutDirect(const TemporaryFile& file) {
  const Target target = inspectTarget(file.path());
  try {
    directAlignment(openTarget(target, true), target);
  } catch (const Error& error) {
    check::skip(error.what());
  }
}

}  // namespace

CASE(permutation_meets_every_index_once) {
  for (std::uint64_t count : {1u, 2u, 3u, 7u, 64u, 1000u, 65537u}) {
    const Permutation permutation(count, 42);
    std::vector<bool> met(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t value = permutation(i);
      CHECK(value < count);
      CHECK(!met[value]);
      met[value] = true;
    }
  }
}

CASE(permutation_depends_on_its_key_and_scatters) {
  constexpr std::uint64_t count = 10'000;
  const Permutation first(count, 1);
  const Permutation second(count, 2);
  int equal = 0;
  int neighbours = 0;
  for (std::uint64_t i = 0; i + 1 < count; ++i) {
    equal += first(i) == second(i);
    neighbours += first(i) + 1 == first(i + 1);
  }
  // Both counts are about 1 for random orders (Poisson): more than 20 has no chance.
  CHECK(equal < 20);
  CHECK(neighbours < 20);
}

CASE(random_pattern_covers_files_and_their_tails_each_round_anew) {
  const Pattern pattern(PatternKind::Random, {10'000, 0, 4096}, 4096, 7);
  CHECK_EQUAL(pattern.itemsPerRound(), 4u);
  std::set<std::string> orders;
  for (std::uint64_t round = 0; round < 8; ++round) {
    std::map<std::pair<std::size_t, std::uint64_t>, std::uint64_t> bytesAt;
    std::string order;
    for (std::uint64_t i = 0; i < 4; ++i) {
      const Item item = pattern.item(round * 4 + i);
      bytesAt[{item.file, item.offset}] = item.bytes;
      order += std::to_string(item.file) + ":" + std::to_string(item.offset) + " ";
    }
    const decltype(bytesAt) expected = {{{0, 0}, 4096}, {{0, 4096}, 4096}, {{0, 8192}, 1808}, {{2, 0}, 4096}};
    CHECK(bytesAt == expected);
    orders.insert(order);
  }
  CHECK(orders.size() > 1);
}

CASE(sequential_pattern_runs_in_order_and_begins_again) {
  const Pattern pattern(PatternKind::Sequential, {8192, 100}, 4096, 7);
  const std::vector<std::pair<std::size_t, std::uint64_t>> expected = {{0, 0}, {0, 4096}, {1, 0}, {0, 0}, {0, 4096}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK_EQUAL(pattern.item(i).file, expected[i].first);
    CHECK_EQUAL(pattern.item(i).offset, expected[i].second);
  }
}

CASE(files_pattern_gives_whole_files) {
  const Pattern pattern(PatternKind::Files, {5000, 0, 9000}, 4096, 7);
  CHECK_EQUAL(pattern.itemsPerRound(), 2u);
  std::set<std::uint64_t> sizes;
  for (std::uint64_t i = 0; i < 2; ++i) {
    CHECK_EQUAL(pattern.item(i).offset, 0u);
    sizes.insert(pattern.item(i).bytes);
  }
  CHECK((sizes == std::set<std::uint64_t>{5000, 9000}));
}

CASE(empty_targets_are_refused) {
  const std::string sentence = SENTENCE_OF(BadInput, Pattern(PatternKind::Random, {0, 0}, 4096, 1));
  CHECK_EQUAL(sentence, "There is nothing to read: every target is empty.");
}

CASE(measurement_reads_every_block_once_and_keeps_the_depth) {
  constexpr std::size_t bytes = 100 * 4096 + 123;
  const TemporaryFile file(std::string(bytes, 'x'));
  for (PatternKind kind : {PatternKind::Random, PatternKind::Sequential}) {
    const auto log = std::make_shared<ScriptedEngine::Log>();
    const Measurement result = measureWith(readOnce({file.path()}, kind, bytes), scripted(log, whole));
    std::set<std::uint64_t> offsets;
    for (const Read& read : log->reads) {
      CHECK(offsets.insert(read.offset).second);
      CHECK_EQUAL(read.bytes, read.offset == 100 * 4096 ? 123u : 4096u);
    }
    CHECK_EQUAL(offsets.size(), 101u);
    CHECK_EQUAL(log->mostInFlight, 4u);
    CHECK_EQUAL(result.bytes, bytes);
    CHECK_EQUAL(result.operations, 101u);
    CHECK_EQUAL(result.targetBytes, bytes);
    CHECK(result.elapsedNs > 0);
  }
}

CASE(threads_share_the_blocks) {
  constexpr std::size_t bytes = 1000 * 4096;
  const TemporaryFile file(std::string(bytes, 'x'));
  Request request = readOnce({file.path()}, PatternKind::Random, bytes);
  request.threads = 3;
  std::vector<std::shared_ptr<ScriptedEngine::Log>> logs;
  const Measurement result = measureWith(request, [&logs](const Resources&) {
    logs.push_back(std::make_shared<ScriptedEngine::Log>());
    return std::make_unique<ScriptedEngine>(logs.back(), whole);
  });
  std::set<std::uint64_t> offsets;
  for (const auto& log : logs) {
    for (const Read& read : log->reads) CHECK(offsets.insert(read.offset).second);
  }
  CHECK_EQUAL(logs.size(), 3u);
  CHECK_EQUAL(offsets.size(), 1000u);
  CHECK_EQUAL(result.bytes, bytes);
}

CASE(short_reads_are_continued) {
  const TemporaryFile file(std::string(3 * 4096, 'x'));
  const auto log = std::make_shared<ScriptedEngine::Log>();
  const auto atMost1000 = [](const Read& read) { return std::min<std::int64_t>(read.bytes, 1000); };
  const Measurement result =
      measureWith(readOnce({file.path()}, PatternKind::Random, 3 * 4096), scripted(log, atMost1000));
  CHECK_EQUAL(result.bytes, 3u * 4096);
  CHECK_EQUAL(result.operations, 3u);
  CHECK_EQUAL(log->reads.size(), 15u);  // 4 x 1000 and 96, three times
}

CASE(interrupted_reads_are_repeated) {
  const TemporaryFile file(std::string(4096, 'x'));
  const auto log = std::make_shared<ScriptedEngine::Log>();
  const auto thirdTime = [log](const Read& read) -> std::int64_t {
    if (log->reads.size() == 1) return -EINTR;
    return log->reads.size() == 2 ? -EAGAIN : std::int64_t{read.bytes};
  };
  const Measurement result = measureWith(readOnce({file.path()}, PatternKind::Random, 4096), scripted(log, thirdTime));
  CHECK_EQUAL(result.operations, 1u);
  CHECK_EQUAL(log->reads.size(), 3u);
}

CASE(failed_read_tells_where_and_what_came_before) {
  const TemporaryFile file(std::string(10 * 4096, 'x'));
  const auto log = std::make_shared<ScriptedEngine::Log>();
  Request request = readOnce({file.path()}, PatternKind::Sequential, 10 * 4096);
  request.depth = 1;
  const auto badSector = [](const Read& read) { return read.offset == 3 * 4096 ? std::int64_t{-EIO} : whole(read); };
  const Measurement result = measureWith(request, scripted(log, badSector));
  CHECK_EQUAL(result.failure.value(), "A read of 4096 bytes at offset 12288 of " + file.path() +
                                          " failed: Input/output error; measured until then: 3 reads, 12288 bytes.");
  CHECK_EQUAL(result.operations, 3u);
  CHECK_EQUAL(result.bytes, 12288u);
  CHECK(result.bytesPerSecond > 0);
}

CASE(shrunk_file_is_told) {
  const TemporaryFile file(std::string(4096, 'x'));
  const auto log = std::make_shared<ScriptedEngine::Log>();
  const auto nothing = [](const Read&) -> std::int64_t { return 0; };
  const Measurement result = measureWith(readOnce({file.path()}, PatternKind::Random, 4096), scripted(log, nothing));
  CHECK(result.failure.value().find("it has shrunk since it was opened") != std::string::npos);
}

CASE(a_failure_among_reads_that_end_together_is_told) {
  /** Ends all reads in flight at once, and badly. */
  class AllAtOnceEngine : public Engine {
   public:
    void submit(const Read& read) override { inFlight_.push_back({read.slot, -EIO}); }
    void wait(std::vector<Completion>& completions) override {
      CHECK(!inFlight_.empty());  // else nothing would ever end
      completions.insert(completions.end(), inFlight_.begin(), inFlight_.end());
      inFlight_.clear();
    }

   private:
    std::vector<Completion> inFlight_;
  };
  const TemporaryFile file(std::string(8 * 4096, 'x'));
  const Measurement result = measureWith(readOnce({file.path()}, PatternKind::Sequential, 8 * 4096),
                                         [](const Resources&) { return std::make_unique<AllAtOnceEngine>(); });
  CHECK(result.failure.value().find("failed: Input/output error; measured until then: 0 reads") != std::string::npos);
  CHECK_EQUAL(result.bytesPerSecond, 0.0);
}

CASE(a_file_that_vanishes_midway_is_told) {
  const auto first = std::make_unique<TemporaryFile>(std::string(4096, 'x'));
  auto second = std::make_unique<TemporaryFile>(std::string(4096, 'x'));
  Request request = readOnce({first->path(), second->path()}, PatternKind::Files, 0);
  request.depth = 1;
  const auto log = std::make_shared<ScriptedEngine::Log>();
  const auto removing = [&](const Read& read) {
    if (log->reads.size() == 10) second.reset();
    return whole(read);
  };
  const Measurement result = measureWith(request, scripted(log, removing));
  CHECK(result.failure.value().find(": No such file or directory; measured until then: ") != std::string::npos);
  CHECK(result.operations >= 10);
}

CASE(series_and_account_add_up) {
  const std::size_t bytes = 100 * 4096 + 77;
  const TemporaryFile file(std::string(bytes, 'x'));
  Request request = readOnce({file.path()}, PatternKind::Random, bytes);
  request.threads = 3;
  request.engine = "psync";
  const Measurement result = measure(request);
  std::uint64_t sum = 0;
  std::uint64_t operations = 0;
  for (std::size_t i = 0; i < result.series.bytes.size(); ++i) {
    sum += result.series.bytes[i];
    operations += result.series.operations[i];
  }
  CHECK_EQUAL(sum, result.bytes);
  CHECK_EQUAL(operations, result.operations);
  CHECK_EQUAL(result.account.readBytes, bytes);
  CHECK(!result.failure.has_value());
  CHECK(!result.steady.has_value());
}

CASE(cpu_time_is_that_of_the_reading_threads) {
  constexpr std::int64_t othersNs = 30'000'000;
  int waits = 0;
  const auto log = std::make_shared<ScriptedEngine::Log>();
  const auto whileOthersCompute = [&waits](const Read& read) {
    if (++waits == 2) {
      std::thread([] {
        for (CpuTime used; used.userNs + used.systemNs < othersNs; used = threadCpuTime()) {
        }
      }).join();
    }
    return whole(read);
  };
  const TemporaryFile file(std::string(4 * 4096, 'x'));
  Request request = readOnce({file.path()}, PatternKind::Random, 4 * 4096);
  request.depth = 1;
  const Measurement result = measureWith(request, scripted(log, whileOthersCompute));
  CHECK_EQUAL(result.operations, 4u);
  CHECK(result.userCpuNs + result.systemCpuNs < othersNs / 2);
}

CASE(steady_state_is_a_flat_line) {
  // Least squares by hand: 1, 2, 3 rises by 2 from end to end, 100 % of its mean; 10, 11, 9 falls by 1, 10 % of it.
  struct Example {
    std::vector<double> bytes;
    double percent;
    bool reached;
  };
  for (const Example& example :
       {Example{{1, 2, 3}, 99, false}, Example{{1, 2, 3}, 100, true}, Example{{10, 11, 9}, 9.9, false},
        Example{{10, 11, 9}, 10.1, true}, Example{{5, 5}, 1, false}, Example{{0, 0, 0}, 1, false},
        Example{{1, 2, 3, 7, 7, 7}, 0.001, true}}) {
    SteadyState state(example.percent, 3);
    for (const double bytes : example.bytes) state.add(bytes);
    CHECK_EQUAL(state.isReached(), example.reached);
  }
}

CASE(bytes_of_the_ramp_are_not_counted) {
  const TemporaryFile file(std::string(64 * 4096, 'x'));
  Request request = readOnce({file.path()}, PatternKind::Random, 10 * 4096);
  request.rampMs = 20;
  const auto log = std::make_shared<ScriptedEngine::Log>();
  const Measurement result = measureWith(request, scripted(log, whole));
  // The budget begins with the window; at most the reads then in flight come on top.
  CHECK(result.operations >= 10 && result.operations <= 10 + request.depth);
  CHECK(log->reads.size() > result.operations);
}

CASE(a_depth_of_psync_is_made_of_threads) {
  constexpr std::size_t bytes = 200 * 4096;
  const TemporaryFile file(std::string(bytes, 'x'));
  Request request = readOnce({file.path()}, PatternKind::Random, bytes);
  request.engine = "psync";
  const Measurement result = measure(request);
  CHECK_EQUAL(result.bytes, bytes);
  CHECK_EQUAL(result.operations, 200u);
  request.depth = 4096;
  request.threads = 5;
  CHECK_EQUAL(SENTENCE_OF(BadInput, measure(request)),
              "threads x depth is 20480, and engine psync makes a thread of each, more than the 16384 allowed: lower "
              "one of them.");
}

CASE(direct_reads_end_at_an_unaligned_end_of_file) {
  constexpr std::size_t bytes = 5 * 4096 + 77;
  const TemporaryFile file(distinctContent(bytes));
  skipWithoutDirect(file);
  for (const char* engine : {"auto", "psync"}) {
    for (PatternKind kind : {PatternKind::Random, PatternKind::Files}) {
      Request request = readOnce({file.path()}, kind, bytes);
      request.direct = true;
      request.engine = engine;
      request.depth = kind == PatternKind::Files ? 1 : 4;  // whole files: one at a time
      const Measurement result = measure(request);
      CHECK_EQUAL(result.bytes, bytes);
      CHECK_EQUAL(result.operations, 6u);
      CHECK(result.direct);
      CHECK(result.alignmentBytes >= 512);
    }
  }
}

CASE(direct_refuses_unaligned_blocks) {
  const TemporaryFile file(std::string(8192, 'x'));
  skipWithoutDirect(file);
  Request request = readOnce({file.path()}, PatternKind::Random, 0);
  request.direct = true;
  request.blockBytes = 1000;
  const std::string sentence = SENTENCE_OF(BadInput, measure(request));
  CHECK(sentence.find("needs blocks that are a multiple of") != std::string::npos);
}

CASE(targets_are_opened_for_reading_only) {
  const TemporaryFile file("x");
  const FileDescriptor open = openTarget(inspectTarget(file.path()), false);
  CHECK_EQUAL(fcntl(open.get(), F_GETFL) & O_ACCMODE, O_RDONLY);
}

CASE(targets_that_cannot_be_measured_are_refused) {
  CHECK_EQUAL(SENTENCE_OF(BadInput, inspectTarget("/dev/null")),
              "/dev/null is a character device: only regular files and block devices can be measured.");
  CHECK_EQUAL(SENTENCE_OF(BadInput, inspectTarget("/")),
              "/ is a directory: only regular files and block devices can be measured.");
  CHECK_EQUAL(SENTENCE_OF(BadInput, inspectTarget("./no-such-file")),
              "Cannot read ./no-such-file: No such file or directory.");
  const TemporaryFile place("");
  const std::string pipe = place.path() + ".pipe";
  CHECK_EQUAL(mkfifo(pipe.c_str(), 0600), 0);
  const std::string sentence = SENTENCE_OF(BadInput, inspectTarget(pipe));
  unlink(pipe.c_str());
  CHECK_EQUAL(sentence, pipe + " is a named pipe: only regular files and block devices can be measured.");
}

/** A read-only block device over a file, while this lives; without a path where there can be none. */
class LoopDevice {
 public:
  explicit LoopDevice(const TemporaryFile& file) {
    const std::string command = "losetup --find --show --read-only " + file.path() + " 2>/dev/null";
    const std::unique_ptr<FILE, int (*)(FILE*)> said(popen(command.c_str(), "r"), pclose);
    char line[64] = {};
    if (said && std::fgets(line, sizeof line, said.get()) != nullptr)
      path_ = std::string(line, std::strcspn(line, "\n"));
  }
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;
  ~LoopDevice() {
    if (!path_.empty() && std::system(("losetup --detach " + path_).c_str()) != 0) std::abort();
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

CASE(block_device_is_read_whole_sized_and_counted) {
  constexpr std::uint64_t bytes = 64 * 4096;
  const TemporaryFile file(distinctContent(bytes));
  const LoopDevice loop(file);
  if (loop.path().empty()) check::skip("no loop device (losetup, as root)");
  const Target device = inspectTarget(loop.path());
  CHECK(device.isBlockDevice);
  CHECK_EQUAL(device.bytes, bytes);
  CHECK(deviceReadBytes(device.device).has_value());
  for (const char* engine : {"auto", "psync"}) {
    Request request = readOnce({loop.path()}, PatternKind::Random, bytes);
    request.direct = true;
    request.engine = engine;
    const Measurement result = measure(request);
    CHECK_EQUAL(result.bytes, bytes);
    CHECK_EQUAL(result.account.readBytes, bytes);
    CHECK(result.account.deviceBytes.value() >= bytes);
  }
}

CASE(too_many_buffers_are_refused) {
  const TemporaryFile file("x");
  Request request = readOnce({file.path()}, PatternKind::Random, 0);
  request.blockBytes = 1u << 30;
  request.depth = 64;
  CHECK(SENTENCE_OF(BadInput, measure(request)).find("of buffers, more than the") != std::string::npos);
}

CASE(sample_reader_returns_whole_files_and_ranges) {
  const ReadPolicy ordinary{1 << 20, true, false, false, false};
  const ReadPolicy uncached{1000, false, true, true, true};
  for (std::size_t bytes : {0u, 1u, 4096u, 100'001u}) {
    const std::string content = distinctContent(bytes);
    const TemporaryFile file(content);
    for (const ReadPolicy& policy : {ordinary, uncached}) {
      SampleReader reader(policy);
      reader.announce({file.path(), {}});
      std::string into(bytes + 1, 'x');
      CHECK_EQUAL(reader.read({file.path(), {}}, into.data(), into.size()), bytes);
      CHECK(into == content + 'x');
      if (bytes < 100) continue;
      const Sample middle{file.path(), Sample::Range{50, 2000}};
      CHECK_EQUAL(reader.read(middle, into.data(), 1999), 2000u);
      CHECK(into == content + 'x');  // without room nothing is read
      CHECK_EQUAL(reader.read(middle, into.data(), 2000), 2000u);
      CHECK(into.substr(0, 2000) == content.substr(50, 2000));
      CHECK_EQUAL(SENTENCE_OF(Io, reader.read({file.path(), Sample::Range{bytes - 1, 2}}, into.data(), 2)),
                  file.path() + " has become shorter.");
    }
  }
  SampleReader reader(ordinary);
  CHECK_EQUAL(SENTENCE_OF(BadInput, reader.read({"/dev/null", {}}, nullptr, 0)), "/dev/null is no regular file.");
}

CASE(an_announced_file_is_read_as_it_was_opened) {
  const TemporaryFile file("announced");
  SampleReader reader({1 << 20, true, false, false, false});
  reader.announce({file.path(), {}});
  unlink(file.path().c_str());
  char into[16];
  CHECK_EQUAL(reader.read({file.path(), {}}, into, sizeof into), 9u);
  SENTENCE_OF(BadInput, reader.read({file.path(), {}}, into, sizeof into));
}
