#pragma once

namespace orion {

/**
 * The process is about to end: measurements in progress stop early, for Node waits at its exit for the threads they run
 * on. Never taken back.
 */
void interrupt();

bool isInterrupted();

}  // namespace orion
