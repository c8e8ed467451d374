import { InputError } from '../../base/errors.js';

/** `MersenneTwister` takes 32 bits. */
const largestSeed = 2 ** 32 - 1;

/** Throws InputError unless there is at least one value and each is a whole number of at least `minimum`. */
export function requireWholeNumbers(what: string, values: readonly number[] | undefined, minimum = 1): void {
  requireEach(what, values, `a whole number of at least ${minimum}`, (value) => {
    return Number.isSafeInteger(value) && value >= minimum;
  });
}

/** Throws InputError unless the value, where there is one, seeds a generator of random numbers. */
export function requireSeed(value: number | undefined): void {
  requireEach('seed', value === undefined ? undefined : [value], `a whole number from 0 to ${largestSeed}`, (seed) => {
    return Number.isInteger(seed) && seed >= 0 && seed <= largestSeed;
  });
}

/** Throws InputError unless there is at least one value and each is a number above 0. */
export function requirePositive(what: string, values: readonly number[] | undefined): void {
  requireEach(what, values, 'a number above 0', (value) => Number.isFinite(value) && value > 0);
}

/** Throws InputError unless there is at least one value and each is one of those known. */
export function requireOneOf<Value>(what: string, values: readonly Value[] | undefined, known: readonly Value[]): void {
  requireEach(what, values, `one of ${known.join(', ')}`, (value) => known.includes(value));
}

function requireEach<Value>(
  what: string,
  values: readonly Value[] | undefined,
  expected: string,
  fits: (value: Value) => boolean,
): void {
  if (values === undefined) return;
  if (values.length === 0) throw new InputError(`No ${what} is given: give ${expected}.`);
  const wrong = values.find((value) => !fits(value));
  if (wrong !== undefined) throw new InputError(`The ${what} is ${wrong}: give ${expected}.`);
}
