import type { Row } from '../../base/columns.js';
import type { Case } from './cases.js';
import { networkOf } from './groups.js';

/** A network that rows name. */
export interface KnownNetwork {
  /** By `networkOf`. */
  name: string;
  /** Least and most that its rows have: it changes with classes, vocabulary and image size. */
  parameterBytes: [low: number, high: number];
}

/** Share by which a network of the same name may be smaller or larger and still be taken for the same. */
const tolerated = 0.1;

/** The networks of the rows, beside those that are known already, by name; none where rows do not name theirs. */
export function knownNetworks(
  rows: readonly Row[],
  cases: readonly Case[],
  known: readonly KnownNetwork[] = [],
): KnownNetwork[] {
  const byName = new Map(known.map(({ name, parameterBytes }) => [name, [...parameterBytes] as [number, number]]));
  for (const [i, row] of rows.entries()) {
    const name = networkOf(row);
    if (name === '') continue;
    const bytes = cases[i]!.workload.parameterBytes;
    const [low, high] = byName.get(name) ?? [bytes, bytes];
    byName.set(name, [Math.min(low, bytes), Math.max(high, bytes)]);
  }
  const names = [...byName.keys()].sort();
  return names.map((name) => ({ name, parameterBytes: byName.get(name)! }));
}

/**
 * Tells whether the network of a case is among those known: it has the name of one, and about as many parameters. All are
 * where none is known by name.
 */
export function networkFinder(networks: readonly KnownNetwork[]): (row: Row, each: Case) => boolean {
  const ranges = new Map(networks.map(({ name, parameterBytes }) => [name, parameterBytes]));
  // rows name few networks, and repeat them
  let lastName: Row[string] | undefined;
  let range: readonly [number, number] | undefined;
  return (row, { workload: { parameterBytes } }) => {
    if (ranges.size === 0) return true;
    const name = row.model ?? null;
    if (name !== lastName) [lastName, range] = [name, ranges.get(networkOf(row))];
    if (!range) return false;
    return parameterBytes >= (1 - tolerated) * range[0] && parameterBytes <= (1 + tolerated) * range[1];
  };
}
