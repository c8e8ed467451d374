/**
 * Errors that are the user's to mend. The command line prints `message` as one sentence and exits with `exitCode`;
 * anything that is not an OrionError is a fault of ours and keeps its stack.
 */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'BAD_USAGE'
  | 'MISSING_DEVICE'
  | 'MISSING_ENGINE'
  | 'MISSING_DATA'
  | 'IO'
  | 'INTERRUPTED';

export class OrionError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: number;

  constructor(code: ErrorCode, exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Bad input or usage: says what was expected, what came, where (file, line, column) and how to mend it. Exit code 2. */
export class InputError extends OrionError {
  constructor(message: string, options?: ErrorOptions & { code?: ErrorCode }) {
    super(options?.code ?? 'BAD_INPUT', 2, message, options);
  }
}

/** A device or engine that was asked for is not there: says why, and what would bring it. Exit code 3. */
export class MissingDeviceError extends OrionError {
  constructor(message: string, options?: ErrorOptions & { code?: ErrorCode }) {
    super(options?.code ?? 'MISSING_DEVICE', 3, message, options);
  }
}

/** The user stopped the program; everything measured so far is on disk. Exit code 130. */
export class InterruptedError extends OrionError {
  constructor(message = 'Interrupted; everything measured so far is on disk.') {
    super('INTERRUPTED', 130, message);
  }
}

/** The message of anything thrown, for a sentence that names a cause. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
