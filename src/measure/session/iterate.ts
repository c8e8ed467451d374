import { BatchQueue } from '../loader/batch-queue.js';
import type { IterationRequest, IterationSamples } from './messages.js';
import type { OnnxSession } from './onnx-session.js';

/**
 * The measured loop: wait for the next batch, hand it over, train one step on it. The memory of a batch goes back to
 * the loader when the step is done.
 */
export async function iterate(session: OnnxSession, request: IterationRequest): Promise<IterationSamples> {
  const queue = new BatchQueue(request.loader);
  const samples: IterationSamples = { waitMs: [], handOverMs: [], stepMs: [], losses: [] };
  for (let iteration = 0; iteration < request.warmup + request.measure; iteration++) {
    const begin = performance.now();
    const batch = queue.next();
    const received = performance.now();
    const feeds = session.feeds(batch, request.learningRate);
    const handedOver = performance.now();
    const [loss] = await session.train(feeds, 1);
    const trained = performance.now();
    queue.giveBack(batch);
    if (iteration < request.warmup) continue;
    samples.waitMs.push(received - begin);
    samples.handOverMs.push(handedOver - received);
    samples.stepMs.push(trained - handedOver);
    samples.losses.push(loss!);
  }
  return samples;
}
