#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <vector>

#include "base/file_descriptor.h"
#include "base/file_lock.h"
#include "base/json_writer.h"
#include "base/thread_group.h"
#include "check.h"
#include "temporary_file.h"

using namespace orion;

CASE(errors_carry_their_code_and_the_systems_words) {
  const Error error = systemError("cannot open /x", EACCES);
  CHECK_EQUAL(std::string(error.what()), "cannot open /x: Permission denied");
  CHECK_EQUAL(std::string(nameOf(error.code())), "IO");
  CHECK_EQUAL(std::string(nameOf(ErrorCode::BadInput)), "BAD_INPUT");
  CHECK_EQUAL(std::string(nameOf(ErrorCode::MissingDevice)), "MISSING_DEVICE");
  CHECK_EQUAL(std::string(nameOf(ErrorCode::MissingEngine)), "MISSING_ENGINE");
}

CASE(a_lock_has_one_owner_until_its_file_is_closed) {
  const TemporaryFile file("");
  const auto opened = [&] { return FileDescriptor(open(file.path().c_str(), O_RDWR)); };
  const FileDescriptor second = opened();
  {
    const FileDescriptor first = opened();
    CHECK(tryLock(first.get()));
    CHECK(tryLock(first.get()));
    CHECK(!tryLock(second.get()));
  }
  CHECK(tryLock(second.get()));
  CHECK_EQUAL(SENTENCE_OF(Io, tryLock(-1)), "cannot lock the file: Bad file descriptor");
}

CASE(thread_group_runs_every_index_once) {
  std::vector<std::atomic<int>> calls(8);
  ThreadGroup group(calls.size(), [&](std::size_t index) { ++calls[index]; });
  group.join();
  for (const auto& count : calls) CHECK_EQUAL(count.load(), 1);
}

CASE(thread_group_rethrows_the_first_failure_by_index) {
  ThreadGroup group(4, [](std::size_t index) {
    if (index >= 2) throw Error(ErrorCode::Io, "thread " + std::to_string(index));
  });
  CHECK_EQUAL(SENTENCE_OF(Io, group.join()), "thread 2");
}

CASE(barrier_keeps_threads_in_step) {
  constexpr std::size_t threads = 4;
  constexpr int rounds = 200;
  Barrier barrier(threads);
  std::atomic<int> arrivals{0};
  std::atomic<bool> inStep{true};
  ThreadGroup group(threads, [&](std::size_t) {
    for (int round = 1; round <= rounds; ++round) {
      ++arrivals;
      barrier.arriveAndWait();
      if (arrivals < round * static_cast<int>(threads)) inStep = false;
      barrier.arriveAndWait();
    }
  });
  group.join();
  CHECK(inStep);
  CHECK_EQUAL(arrivals.load(), rounds * static_cast<int>(threads));
}

CASE(json_is_what_the_standard_says) {
  orion::JsonWriter json;
  json.openObject();
  json.field("text", "a \"quoted\" \\ and\nline\x01");
  json.field("number", 0.1);
  json.field("large", 1e300);
  json.field("whole", std::size_t{18446744073709551615u});
  json.field("none", std::nan(""));
  json.field("truth", true);
  json.key("list");
  json.openArray();
  json.value(-1);
  json.openArray();
  json.closeArray();
  json.rawValue("{}");
  json.null();
  json.closeArray();
  json.key("object");
  json.openObject();
  json.closeObject();
  json.closeObject();
  CHECK_EQUAL(json.text(),
              "{\"text\":\"a \\\"quoted\\\" \\\\ and\\u000aline\\u0001\",\"number\":0.1,\"large\":1e+300,"
              "\"whole\":18446744073709551615,\"none\":null,\"truth\":true,\"list\":[-1,[],{},null],\"object\":{}}");
}
