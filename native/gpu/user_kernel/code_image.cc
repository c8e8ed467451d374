#include "gpu/user_kernel/code_image.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "base/error.h"
#include "base/file_descriptor.h"

namespace orion::gpu {
namespace {

constexpr std::uint64_t largestFileBytes = std::uint64_t{256} << 20;

[[noreturn]] void refuseFile(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::BadInput, "gpu: kernel file '" + file + "' " + what + ".");
}

std::string systemWords(int errorNumber) { return std::generic_category().message(errorNumber); }

template <typename Value>
Value valueAt(const std::string& bytes, std::size_t offset) {
  Value value{};
  if (offset + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

// Offsets in the header of a 64-bit ELF file (System V ABI, "ELF Header").
constexpr std::size_t elfHeaderBytes = 64;
constexpr std::size_t elfAbiVersion = 8;
constexpr std::size_t elfMachine = 18;
constexpr std::size_t elfSectionTable = 40;
constexpr std::size_t elfFlags = 48;
constexpr std::size_t elfSectionBytes = 58;
constexpr std::size_t elfSectionCount = 60;
constexpr std::uint16_t machineCuda = 190;

// Header of a fatbin (fatbinary_section.h of the CUDA toolkit tells of it): magic, version, bytes of the header, bytes
// that follow it.
constexpr std::uint32_t fatbinMagic = 0xba55ed50;
constexpr std::size_t fatbinHeaderSize = 6;
constexpr std::size_t fatbinPayloadSize = 8;
constexpr std::size_t fatbinSmallest = 16;

bool isElf(const std::string& bytes) { return bytes.compare(0, 4, "\x7f\x45LF") == 0; }

/** Whether `bytes` bytes from `offset` on lie within a file of `size` bytes. */
bool liesWithin(std::uint64_t offset, std::uint64_t bytes, std::uint64_t size) {
  return offset <= size && bytes <= size - offset;
}

bool isWholeElf(const std::string& bytes) {
  if (bytes.size() < elfHeaderBytes) return false;
  const std::uint64_t table = valueAt<std::uint64_t>(bytes, elfSectionTable);
  const std::uint64_t sections = valueAt<std::uint16_t>(bytes, elfSectionCount);
  const std::uint64_t sectionBytes = valueAt<std::uint16_t>(bytes, elfSectionBytes);
  if (!liesWithin(table, sections * sectionBytes, bytes.size())) return false;
  for (std::uint64_t i = 0; i < sections && sectionBytes >= 64; ++i) {
    constexpr std::uint32_t withoutBytes = 8;  // SHT_NOBITS
    const std::size_t section = table + i * sectionBytes;
    if (valueAt<std::uint32_t>(bytes, section + 4) == withoutBytes) continue;
    const auto offset = valueAt<std::uint64_t>(bytes, section + 24);
    if (!liesWithin(offset, valueAt<std::uint64_t>(bytes, section + 32), bytes.size())) return false;
  }
  return true;
}

bool isWholeFatbin(const std::string& bytes) {
  return bytes.size() >= fatbinSmallest && liesWithin(valueAt<std::uint16_t>(bytes, fatbinHeaderSize),
                                                      valueAt<std::uint64_t>(bytes, fatbinPayloadSize), bytes.size());
}

bool isPtx(const std::string& bytes) {
  return bytes.find('\0') == std::string::npos && bytes.find(".version") != std::string::npos;
}

CodeFormat formatOf(const std::string& file, const std::string& bytes) {
  if (bytes.empty()) refuseFile(file, "is empty; expected PTX, a cubin or a fatbin");
  if (isElf(bytes)) {
    if (bytes.size() > elfMachine + 2 && valueAt<std::uint16_t>(bytes, elfMachine) != machineCuda) {
      refuseFile(file, "holds code for the CPU; expected PTX, a cubin or a fatbin, e.g. from nvcc -ptx");
    }
    if (!isWholeElf(bytes)) refuseFile(file, "is cut off: a cubin shorter than its header says");
    return CodeFormat::Cubin;
  }
  if (valueAt<std::uint32_t>(bytes, 0) == fatbinMagic) {
    if (!isWholeFatbin(bytes)) refuseFile(file, "is cut off: a fatbin shorter than its header says");
    return CodeFormat::Fatbin;
  }
  if (isPtx(bytes)) return CodeFormat::Ptx;
  refuseFile(file, "is neither PTX nor a cubin nor a fatbin; nvcc -ptx, -cubin or -fatbin makes one");
}

/** Blanks comments, so that a name in one is not taken for an entry. */
std::string withoutComments(std::string text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '/' || (text[i + 1] != '/' && text[i + 1] != '*')) continue;
    const bool isLine = text[i + 1] == '/';
    std::size_t end = isLine ? text.find('\n', i) : text.find("*/", i + 2);
    end = end == std::string::npos ? text.size() : end + (isLine ? 0 : 2);
    text.replace(i, end - i, end - i, ' ');
    i = end - 1;
  }
  return text;
}

bool isSpace(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool belongsToName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

}  // namespace

CodeImage codeImageFrom(const std::string& file, std::string bytes) {
  CodeImage image;
  image.format = formatOf(file, bytes);
  image.file = file;
  image.bytes = std::move(bytes);
  return image;
}

CodeImage readCodeImage(const std::string& file) {
  // Not blocking: opening a named pipe would wait for its writer.
  const FileDescriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (descriptor.get() < 0) refuseFile(file, "cannot be opened: " + systemWords(errno));
  struct stat status {};
  if (fstat(descriptor.get(), &status) != 0) refuseFile(file, "cannot be read: " + systemWords(errno));
  if (!S_ISREG(status.st_mode)) refuseFile(file, "is not a regular file");
  if (static_cast<std::uint64_t>(status.st_size) > largestFileBytes) {
    refuseFile(file, "has " + std::to_string(status.st_size) + " bytes; at most 256 MiB are read");
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(descriptor.get(), &bytes[done], bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuseFile(file, "cannot be read: " + systemWords(errno));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return codeImageFrom(file, std::move(bytes));
}

std::vector<std::string> entriesOfPtx(const std::string& source) {
  constexpr char directive[] = ".entry";
  const std::string text = withoutComments(source);
  std::vector<std::string> names;
  for (std::size_t at = 0; (at = text.find(directive, at)) != std::string::npos;) {
    at += sizeof directive - 1;
    std::size_t start = at;
    while (start < text.size() && isSpace(text[start])) ++start;
    std::size_t end = start;
    while (end < text.size() && belongsToName(text[end])) ++end;
    if (start > at && end > start) names.push_back(text.substr(start, end - start));
  }
  return names;
}

std::optional<int> architectureOfCubin(const std::string& bytes) {
  if (!isElf(bytes) || bytes.size() < elfHeaderBytes) return std::nullopt;
  // Seen in what nvcc writes: the second byte of the flags since ABI version 8 (CUDA 13), the first before.
  const auto flags = valueAt<std::uint32_t>(bytes, elfFlags);
  const bool isNewer = valueAt<std::uint8_t>(bytes, elfAbiVersion) >= 8;
  const int architecture = static_cast<int>((isNewer ? flags >> 8 : flags) & 0xff);
  return architecture == 0 ? std::nullopt : std::optional(architecture);
}

}  // namespace orion::gpu
