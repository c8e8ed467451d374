// usage: <engine>_test CASE   exit 0 passed, 1 failed, 77 skipped (its reason on stdout)
#include <cstdio>

#include "check.h"

namespace check {

std::map<std::string, std::function<void()>>& cases() {
  static std::map<std::string, std::function<void()>> all;
  return all;
}

}  // namespace check

int main(int count, char** arguments) {
  const auto found = count == 2 ? check::cases().find(arguments[1]) : check::cases().end();
  if (found == check::cases().end()) {
    std::fprintf(stderr, "usage: %s CASE, with CASE one of:\n", arguments[0]);
    for (const auto& [name, body] : check::cases()) std::fprintf(stderr, "  %s\n", name.c_str());
    return 2;
  }
  try {
    found->second();
    return 0;
  } catch (const check::Skip& waived) {
    std::printf("skipped: %s\n", waived.what());
    return 77;
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    return 1;
  }
}
