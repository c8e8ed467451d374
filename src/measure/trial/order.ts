import { MersenneTwister } from '../../base/random.js';
import type { Trial } from './trial.js';

/** `interleaved`: at random by the seed, networks taking turns. `listed`: as the values of the sweep are listed. */
export const trialOrders = ['interleaved', 'listed'] as const;
export type TrialOrder = (typeof trialOrders)[number];

/**
 * The order in which trials are measured. A machine drifts over a night (temperature, neighbours, a filling disk): in the
 * listed order that would be mistaken for a difference between networks or batch sizes. Interleaved is a randomised block
 * design instead:
 *
 * - A block is what one training session can serve: all learning rates, worker counts and storage modes of a graph. The
 *   bench keeps its session from one trial to the next as long as the graph is the same; to open one takes up to tens of
 *   seconds, as much as a trial. So a block stays together, its trials shuffled.
 * - Block i of the n of a network, shuffled, stands at (i + u) / n of the sweep, u drawn from [0, 1): every part of the
 *   sweep holds a like share of each network, however many blocks it has, and so does a sweep that is cut short.
 */
export function orderTrials(trials: readonly Trial[], order: TrialOrder, seed: number): Trial[] {
  if (order === 'listed') return [...trials];
  const random = new MersenneTwister(seed);
  const placed = [...groups(trials, ({ model }) => model)].flatMap((ofModel) => {
    const blocks = shuffled(groups(ofModel, sessionOf), random);
    return blocks.map((block, index) => ({ block, place: (index + random.float64()) / blocks.length }));
  });
  return placed.sort((a, b) => a.place - b.place).flatMap(({ block }) => shuffled(block, random));
}

/** What trials of one training session agree in. */
function sessionOf({ id, learningRate, workers, storage, ...graph }: Trial): string {
  return JSON.stringify(graph);
}

/** Trials with the same key, in the order in which the keys first appear. */
function groups(trials: readonly Trial[], keyOf: (trial: Trial) => string): Trial[][] {
  const byKey = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = keyOf(trial);
    const group = byKey.get(key);
    if (group) group.push(trial);
    else byKey.set(key, [trial]);
  }
  return [...byKey.values()];
}

function shuffled<Item>(items: readonly Item[], random: MersenneTwister): Item[] {
  const order = random.shuffle(Uint32Array.from(items.keys()));
  return Array.from(order, (index) => items[index]!);
}
