/** What a long-running function tells its caller; the command line turns it into lines or a bar. */
export interface ProgressEvent {
  /** What is being done: 'storage', 'CNN trials', ... */
  stage: string;
  /** Finished and total units; absent where the total is unknown. */
  done?: number;
  total?: number;
  /** The unit that has just been finished, in words. */
  detail?: string | undefined;
  /** The unit that is under way, in words: for a bar. */
  current?: string | undefined;
  /** Estimated time until all are done; without it a bar takes all units to be alike. */
  remainingMs?: number | undefined;
}

export type OnProgress = (event: ProgressEvent) => void;

/** A remark that the user must see (a skipped engine, a device that the tool chose itself). */
export type OnNote = (note: string) => void;
