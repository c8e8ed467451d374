import { classRooflines, classTerms, type DeviceTerm } from '../../physics/device-terms.js';
import type { LoaderTerm } from '../../physics/loader.js';

const deviceIngredients = {
  roofline: ['roofline', ...classRooflines],
  classes: classTerms,
  vector: ['vector', 'undivided'],
  refill: ['refill'],
  launch: ['launch'],
  idle: ['idle'],
  iteration: ['iteration'],
  update: ['update'],
} as const satisfies Record<string, readonly DeviceTerm[]>;

const loaderIngredients = {
  decode: ['decode'],
  fetch: ['fetch'],
  'uncached fetch': ['uncached fetch', 'queued fetch'],
  copy: ['copy'],
} as const satisfies Record<string, readonly LoaderTerm[]>;

/**
 * Parts of the predictor that it can do without, to see what each is worth: terms of the step (`classes`: rooflines by class
 * of operator) and of the loader, what the faster of the two takes from the other, the loader, and the learned correction.
 */
export type Ingredient =
  | keyof typeof deviceIngredients
  | keyof typeof loaderIngredients
  | 'contention'
  | 'loader'
  | 'correction';

export const stepIngredients = Object.keys(deviceIngredients) as (keyof typeof deviceIngredients)[];
export const preparationIngredients = [
  ...(Object.keys(loaderIngredients) as (keyof typeof loaderIngredients)[]),
  'contention',
  'loader',
] as const;

const termsIn = <Term>(all: Readonly<Record<string, readonly Term[]>>, without: readonly Ingredient[]): Term[] =>
  without.flatMap((ingredient) => all[ingredient] ?? []);

export const deviceTermsIn = (without: readonly Ingredient[]) => termsIn<DeviceTerm>(deviceIngredients, without);
export const loaderTermsIn = (without: readonly Ingredient[]) => termsIn<LoaderTerm>(loaderIngredients, without);
