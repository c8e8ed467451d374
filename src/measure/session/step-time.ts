import { median } from '../../base/statistics.js';
import type { StepRequest, StepTime } from './messages.js';
import type { Feeds, OnnxSession } from './onnx-session.js';

const trips = [1, 4] as const;
const minimumPairs = 3;

/**
 * Time of a training step without the fixed cost of a run: the slope between two trip counts, measured alternately so
 * that drift cancels, and the median over the pairs.
 */
export async function measureStepTime(session: OnnxSession, feeds: Feeds, request: StepRequest): Promise<StepTime> {
  const timed = async (steps: number) => {
    const begin = performance.now();
    await session.train(feeds, steps);
    return performance.now() - begin;
  };
  await timed(1);
  const slopesMs: number[] = [];
  const begin = performance.now();
  while (slopesMs.length < minimumPairs || performance.now() - begin < request.durationMs) {
    const short = await timed(trips[0]);
    const long = await timed(trips[1]);
    slopesMs.push((long - short) / (trips[1] - trips[0]));
  }
  return { stepMs: median(slopesMs), slopesMs, trips };
}
