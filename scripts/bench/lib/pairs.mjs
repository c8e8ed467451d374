// Alternating pairs: ours and the peer's sample one after the other, in alternating order, so that drift cancels.
import { median, quantile } from '../../../dist/base/statistics.js';

/**
 * Takes `count` pairs. `ours` and `peer` get the number of the pair and return a time.
 * @returns the samples of each, in order
 */
export const alternatingPairs = (count, ours, peer) => alternatingRounds(count, { ours, peer });

/** The same with any number of sides, by their names: every other round goes backwards. */
export async function alternatingRounds(count, sides) {
  const names = Object.keys(sides);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await sides[name](round));
  }
  return samples;
}

/** A case's numbers from its samples: `ratio` and `quartiles` are of the pairs' ratios, `ours` and `peer` medians. */
export function summarisePairs({ ours, peer }, unit) {
  const ratios = ours.map((value, pair) => value / peer[pair]);
  return {
    ratio: median(ratios),
    ours: median(ours),
    peer: median(peer),
    unit,
    pairs: ours.length,
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    samples: { ours, peer },
  };
}
