// A file of GPU code, looked at before the driver sees it: the driver trusts the sizes that a file claims to have.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace orion::gpu {

enum class CodeFormat { Ptx, Cubin, Fatbin };

struct CodeImage {
  std::string file;
  std::string bytes;  // std::string ends with a 0, which the driver wants after PTX
  CodeFormat format = CodeFormat::Ptx;
};

/** Reads a file of at most 256 MiB. Throws BadInput where it is missing, unreadable, cut off or no GPU code. */
CodeImage readCodeImage(const std::string& file);

/** Tells the format by the content. Throws BadInput where it is no GPU code or cut off. */
CodeImage codeImageFrom(const std::string& file, std::string bytes);

/** Names after `.entry` in PTX, in the order of the text. */
std::vector<std::string> entriesOfPtx(const std::string& text);

/** Architecture that a cubin was compiled for, e.g. 90; nothing where its header does not tell. */
std::optional<int> architectureOfCubin(const std::string& bytes);

}  // namespace orion::gpu
