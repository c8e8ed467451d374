#include "base/file_lock.h"

#include <sys/file.h>

#include <cerrno>

#include "base/error.h"

namespace orion {

bool tryLock(int descriptor) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw systemError("cannot lock the file", errno);
}

}  // namespace orion
