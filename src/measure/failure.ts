import { messageOf } from '../base/errors.js';

const arrayTooLarge = /array length|allocation failed/i;
const memoryWords = /bad_alloc|out of memory/i;
/** ONNX Runtime's arena, within a chain of the operators that it ran for. */
const arena = /Failed to allocate memory for requested buffer of size (\d+)/;

/** Why something failed, in one line: that memory ran out in plain words, which neither JavaScript nor C++ has for it. */
export function failureOf(error: unknown): string {
  const message = messageOf(error).replace(/\s+/g, ' ').trim();
  const [, bytes] = arena.exec(message) ?? [];
  if (bytes !== undefined) return `not enough memory (ONNX Runtime could not have another ${bytes} bytes)`;
  const isMemory = (error instanceof RangeError && arrayTooLarge.test(message)) || memoryWords.test(message);
  return isMemory ? `not enough memory (${message})` : message;
}
