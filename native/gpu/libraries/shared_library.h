// A library that is used where it is found at run time, and never required.
#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <initializer_list>
#include <string>

namespace orion::gpu {

/** Opened once and kept open: libraries of CUDA do not survive being closed. */
class SharedLibrary {
 public:
  /**
   * @param variable of the environment: the library's path, instead of the names
   * @param names tried in order
   */
  SharedLibrary(const char* variable, std::initializer_list<const char*> names) {
    const char* path = std::getenv(variable);
    if (path != nullptr && *path != '\0') {
      open(path);
    } else {
      for (const char* name : names) {
        if (handle_ == nullptr) open(name);
      }
    }
  }

  /** Why it cannot be used; empty where it can. */
  const std::string& absence() const { return absence_; }

  /** Sets the pointer to the function of that name; one that is missing makes the library absent. */
  template <typename Function>
  void find(Function*& function, const char* name) {
    if (handle_ == nullptr) return;
    function = reinterpret_cast<Function*>(dlsym(handle_, name));
    if (function == nullptr && absence_.empty()) absence_ = name_ + " has no " + name + ".";
  }

 private:
  void open(const char* name) {
    handle_ = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    name_ = name;
    const char* reason = handle_ == nullptr ? dlerror() : nullptr;
    absence_ = reason == nullptr ? "" : std::string(reason) + ".";
  }

  void* handle_ = nullptr;
  std::string name_;
  std::string absence_;
};

}  // namespace orion::gpu
