import { BatchQueue } from '../loader/batch-queue.js';
import { IterationWindow } from './iteration-window.js';
import type { IterationRequest, IterationSamples, Iterations } from './messages.js';
import type { Stepper } from './stepper.js';

/**
 * The measured loop: wait for the next batch, hand it over, train one step on it. The memory of a batch goes back to
 * the loader when the step is done. The samples are those of the window.
 */
export async function iterate(stepper: Stepper, { loader, plan }: IterationRequest): Promise<Iterations> {
  const queue = new BatchQueue(loader);
  const rule = new IterationWindow(plan);
  const samples: IterationSamples = { waitMs: [], handOverMs: [], stepMs: [], losses: [] };
  const start = performance.now();
  for (let isOver = false; !isOver; ) {
    const { ready } = queue;
    const begin = performance.now();
    const batch = queue.next();
    const received = performance.now();
    const held = await stepper.handOver(batch);
    const handedOver = performance.now();
    const loss = await stepper.step(held);
    const trained = performance.now();
    stepper.letGo(held);
    queue.giveBack(batch);
    samples.waitMs.push(received - begin);
    samples.handOverMs.push(handedOver - received);
    samples.stepMs.push(trained - handedOver);
    if (loss !== null) samples.losses.push(loss);
    isOver = rule.add(trained - begin, ready, trained - start);
  }
  const { window } = rule;
  const inWindow = (values: number[]) => values.slice(window.warmup, window.warmup + window.measure);
  return {
    window,
    samples: {
      waitMs: inWindow(samples.waitMs),
      handOverMs: inWindow(samples.handOverMs),
      stepMs: inWindow(samples.stepMs),
      losses: inWindow(samples.losses),
    },
  };
}
