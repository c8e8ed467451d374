// Alternating pairs: ours and the peer's sample one after the other, in alternating order, so that drift cancels.
import { median, quantile } from '../../../dist/base/statistics.js';

/**
 * Takes `count` pairs. `ours` and `peer` get the number of the pair and return a time.
 * @returns the samples of each, in order
 */
export async function alternatingPairs(count, ours, peer) {
  const samples = { ours: [], peer: [] };
  for (let pair = 0; pair < count; pair++) {
    const takeOurs = async () => samples.ours.push(await ours(pair));
    const takePeer = async () => samples.peer.push(await peer(pair));
    for (const take of pair % 2 === 0 ? [takeOurs, takePeer] : [takePeer, takeOurs]) await take();
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
