import { requireChoice, requirePositive, requirePositiveInteger } from '../base/checks.js';
import { InputError } from '../base/errors.js';

/** An option that takes one text. */
export const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;

/** An option that takes one number. */
export const number = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const;

/** A positive whole number where one is given. Throws InputError for another. */
export const whole = (value: number | undefined, option: string) =>
  value === undefined ? undefined : requirePositiveInteger(value, option);

/** One of the choices where one is given. Throws InputError for another. */
export const choice = <T extends string>(value: string | undefined, choices: readonly T[], option: string) =>
  value === undefined ? undefined : requireChoice(value, choices, option);

/** A positive number where one is given. Throws InputError for another. */
export const positive = (value: number | undefined, option: string) =>
  value === undefined ? undefined : requirePositive(value, option);

const longestSeconds = 3600;

/** Whole milliseconds of a time in seconds. Throws InputError for one that is not positive, or longer than an hour. */
export function msOf(seconds: number, option: string): number {
  if (requirePositive(seconds, option) <= longestSeconds) return Math.ceil(seconds * 1000);
  throw new InputError(`${option} takes at most ${longestSeconds} seconds, not ${seconds}.`);
}
