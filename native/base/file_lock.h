#pragma once

namespace orion {

/**
 * Takes the exclusive lock of an open file, without waiting; it ends when the file is closed here, or this process
 * ends, however that happens. False where somebody else holds it: another process, also on another machine where the
 * file system passes locks on, or another opening of the file in this one. Throws Io where the file system has no
 * locks.
 */
bool tryLock(int descriptor);

}  // namespace orion
