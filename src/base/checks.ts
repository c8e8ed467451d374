import { InputError } from './errors.js';

/** Checks of option values: return the value, or throw the one sentence that names the option and what it takes. */

export function requirePositive(value: number, option: string): number {
  if (!(Number.isFinite(value) && value > 0)) throw new InputError(`${option} takes a positive number, not ${value}.`);
  return value;
}

export function requirePositiveInteger(value: number, option: string): number {
  if (!(Number.isSafeInteger(value) && value > 0))
    throw new InputError(`${option} takes a positive whole number, not ${value}.`);
  return value;
}

export function requireCount(value: number, option: string): number {
  if (!(Number.isSafeInteger(value) && value >= 0))
    throw new InputError(`${option} takes a whole number from 0 on, not ${value}.`);
  return value;
}

/** One of `choices`, without regard to case; the error names the near ones. */
export function requireChoice<T extends string>(value: string, choices: readonly T[], option: string): T {
  const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(value, choices);
  const hint = near ? ` (did you mean '${near}'?)` : '';
  throw new InputError(`${option} does not know '${value}'${hint}: choose from ${choices.join(', ')}.`);
}

/**
 * The choice that `value` may have meant: one that contains it, else the nearest within two edits or a third of its
 * length; null where none is that near. Case does not count.
 */
export function nearest(value: string, choices: readonly string[]): string | null {
  const typed = value.toLowerCase();
  const containing = choices.find((choice) => typed.length > 2 && choice.toLowerCase().includes(typed));
  if (containing !== undefined) return containing;
  const allowed = Math.max(2, Math.floor(value.length / 3));
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const choice of choices) {
    const distance = editDistance(typed, choice.toLowerCase());
    if (distance < bestDistance) {
      best = choice;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, substituted);
    }
    previous = row;
  }
  return previous[b.length]!;
}
