import { InputError, MissingDeviceError, OrionError } from './errors.js';

const exitUnreadable = 2;

/** The project's error for one that the addon threw with a code; anything else as it came. */
export function fromNative(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const options = { cause: error };
  switch (error.code) {
    case 'BAD_INPUT':
      return new InputError(error.message, options);
    case 'MISSING_DEVICE':
    case 'MISSING_ENGINE':
      return new MissingDeviceError(error.message, { ...options, code: error.code });
    case 'IO':
      return new OrionError('IO', exitUnreadable, error.message, options);
    default:
      return error;
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

const translated =
  (call: AnyFunction): AnyFunction =>
  (...args) => {
    try {
      const result = call(...args);
      if (!(result instanceof Promise)) return result;
      return result.catch((error: unknown) => {
        throw fromNative(error);
      });
    } catch (error) {
      throw fromNative(error);
    }
  };

/** An engine of the addon whose functions throw, or reject with, the project's errors. */
export function translateErrors<Engine extends object>(engine: Engine): Engine {
  const entries = Object.entries(engine).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'function' ? translated(value as AnyFunction) : value,
  ]);
  return Object.fromEntries(entries) as Engine;
}
