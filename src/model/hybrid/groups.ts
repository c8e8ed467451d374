import type { Row } from '../../base/columns.js';
import { textIn } from '../../physics/cells.js';
import type { Case } from './cases.js';

/** Devices of one family are left out together, since they are alike. */
export const familyOf = (row: Row): string => textIn(row, 'gpu_arch') ?? textIn(row, 'gpu_name') ?? '';

/** The network of a row, however it is spelled; '' where the row does not say. */
export const networkOf = (row: Row): string => textIn(row, 'model')?.toLowerCase() ?? '';

/** The kind of a row's network: CNN, MLP, Transformer, ...; '' where the row does not say. */
export const kindOf = (row: Row): string => textIn(row, 'architecture')?.toLowerCase() ?? '';

/**
 * Indexes of rows that are alike, a list per name; [] where all are.
 * @param most lists; more names than that share them
 */
export function groupsOf(
  rows: readonly Row[],
  nameOf: (row: Row) => string,
  most: number = Number.POSITIVE_INFINITY,
): number[][] {
  const byName = new Map<string, number[]>();
  for (const [index, row] of rows.entries()) {
    const name = nameOf(row);
    const members = byName.get(name);
    if (members) members.push(index);
    else byName.set(name, [index]);
  }
  if (byName.size < 2) return [];
  const groups: number[][] = Array.from({ length: Math.min(byName.size, most) }, () => []);
  for (const [i, members] of [...byName.values()].entries()) groups[i % groups.length]!.push(...members);
  return groups;
}

/** The cases that are not among those held out, and their times. */
export function othersThan(
  heldOut: readonly number[],
  cases: readonly Case[],
  stepMs: ArrayLike<number>,
): { cases: Case[]; stepMs: Float64Array } {
  const isHeldOut = new Uint8Array(cases.length);
  for (const index of heldOut) isHeldOut[index] = 1;
  const isOther = (_: unknown, index: number) => isHeldOut[index] === 0;
  return { cases: cases.filter(isOther), stepMs: Float64Array.from(stepMs).filter(isOther) };
}
