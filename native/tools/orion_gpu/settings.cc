#include "settings.h"

#include <cstdlib>
#include <functional>
#include <map>

#include "base/error.h"

namespace orion::tools {
namespace {

constexpr const char* usage =
    "usage: orion-gpu [--device N|all] [--suite quick|full] [--case NAME]... [--time SECONDS] [--sampled SECONDS]\n"
    "                 [--mode cold|hot|graph|host] [--out FILE] [--list]\n"
    "       orion-gpu --kernel FILE --entry NAME --grid X[,Y[,Z]] --block X[,Y[,Z]] [--shared BYTES] [--arg "
    "ARGUMENT]...\n"
    "                 [--timeout SECONDS]\n"
    "exit codes: 0 all right, 2 bad input or a fault of --kernel, 3 no CUDA device, 4 a case failed or its answer is "
    "wrong\n";

double secondsOf(const std::string& option, const std::string& text) {
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(seconds > 0)) {
    throw Error(ErrorCode::BadInput, option + " must be a positive number of seconds, but it is '" + text + "'.");
  }
  return seconds;
}

gpu::Mode modeOf(const std::string& text) {
  const std::optional<gpu::Mode> mode = gpu::modeNamed(text);
  if (!mode) throw Error(ErrorCode::BadInput, "--mode must be cold, hot, graph or host, but it is '" + text + "'.");
  return *mode;
}

}  // namespace

Settings parseSettings(int count, char** words) {
  Settings settings;
  const std::map<std::string, std::function<void(const std::string&)>> options{
      {"--device", [&](const std::string& text) { settings.device = text; }},
      {"--suite", [&](const std::string& text) { settings.suite = text; }},
      {"--case", [&](const std::string& text) { settings.cases.push_back(text); }},
      {"--time", [&](const std::string& text) { settings.timeSeconds = secondsOf("--time", text); }},
      {"--sampled", [&](const std::string& text) { settings.sampledSeconds = secondsOf("--sampled", text); }},
      {"--timeout", [&](const std::string& text) { settings.timeoutSeconds = secondsOf("--timeout", text); }},
      {"--mode", [&](const std::string& text) { settings.mode = modeOf(text); }},
      {"--out", [&](const std::string& text) { settings.out = text; }},
      {"--kernel", [&](const std::string& text) { settings.kernel.file = text; }},
      {"--entry", [&](const std::string& text) { settings.kernel.entry = text; }},
      {"--grid",
       [&](const std::string& text) { settings.kernel.grid = gpu::parseDimensions(text, gpu::Extent::Grid); }},
      {"--block",
       [&](const std::string& text) { settings.kernel.block = gpu::parseDimensions(text, gpu::Extent::Block); }},
      {"--shared", [&](const std::string& text) { settings.kernel.sharedBytes = gpu::parseSharedBytes(text); }},
      {"--arg", [&](const std::string& text) { settings.kernel.arguments.push_back(text); }},
  };
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--list") {
      settings.list = true;
      continue;
    }
    const auto option = options.find(word);
    if (option == options.end()) throw Error(ErrorCode::BadInput, "Unknown option " + word + ".\n" + usage);
    if (i + 1 == count) throw Error(ErrorCode::BadInput, word + " needs a value.");
    option->second(words[++i]);
  }
  if (settings.suite != "quick" && settings.suite != "full") {
    throw Error(ErrorCode::BadInput, "--suite must be quick or full, but it is '" + settings.suite + "'.");
  }
  return settings;
}

}  // namespace orion::tools
