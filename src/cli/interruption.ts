const signals = ['SIGINT', 'SIGTERM'] as const;

/** The exit code of a run that was interrupted. */
export const exitInterrupted = 130;

/** A signal ends the program at once, by way of its exit handlers: scratch files are removed. */
export function endOnSignal(): void {
  for (const signal of signals) process.on(signal, () => process.exit(exitInterrupted));
}

/**
 * From here on the first signal asks for an end after the current trial, and a second one ends at once. Either way the
 * exit code is 130, and what was measured is on disk because each trial is written when it ends.
 */
export function interruption(onFirst: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitInterrupted);
      controller.abort();
      onFirst(signal);
    });
  }
  return controller.signal;
}
