import { mean } from '../../base/statistics.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import { batchTimeInterval95 } from './batch-interval.js';
import type { PhaseTime } from './messages.js';
import type { Stepper } from './stepper.js';
import { WarmUpRule } from './warm-up.js';

const warmupLimitMs = 5_000;
const limitMs = 1_000;
const leastSteps = 6;
const tolerance = 0.02;

/**
 * Mean time of a step on one batch that the device has already, with no loader beside it. Warm-up until the trend is
 * flat; then until the 95 % interval is within 2 %, or for a second.
 */
export async function computeAlone(stepper: Stepper, batch: BatchBuffers): Promise<PhaseTime> {
  const held = await stepper.handOver(batch);
  const timed = async () => {
    const begin = performance.now();
    await stepper.step(held);
    return performance.now() - begin;
  };
  const rule = new WarmUpRule(warmupLimitMs);
  const start = performance.now();
  let isWarm = false;
  while (!isWarm) isWarm = rule.add(await timed(), performance.now() - start) !== null;

  const stepMs: number[] = [];
  const before = process.cpuUsage();
  const begin = performance.now();
  const isNarrow = () => stepMs.length >= leastSteps && batchTimeInterval95(stepMs, 1) <= tolerance * mean(stepMs);
  while (performance.now() - begin < limitMs && !isNarrow()) stepMs.push(await timed());
  const { user, system } = process.cpuUsage(before);
  stepper.letGo(held);
  return { batchMs: mean(stepMs), cpuMs: (user + system) / 1000 / stepMs.length };
}
