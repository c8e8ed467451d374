/**
 * The first SIGINT or SIGTERM asks for an end after the current trial; a second one ends at once. Either way the exit
 * code is 130, and what was measured is on disk because each trial is written when it ends.
 */
export function interruption(onFirst: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  const handle = (signal: string) => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    onFirst(signal);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return controller.signal;
}
