import { MersenneTwister } from '../../base/random.js';
import type { TrainingConfig } from '../../networks/types.js';
import type { BatchBuffers } from '../loader/batch-maker.js';
import type { OnnxSession } from './onnx-session.js';

/**
 * A batch of made-up numbers that fits the session: standard normal images or uniform word ids; uniform classes, or word
 * ids where the label is a text. Labels that the session does not read are left out.
 */
export function randomBatch(session: OnnxSession, config: TrainingConfig): BatchBuffers {
  const random = new MersenneTwister(config.seed);
  const [inputs, labels] = session.inputs;
  const elements = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);
  const integers = (count: number, below: number) =>
    BigInt64Array.from({ length: count }, () => BigInt(random.interval(below - 1))).buffer;
  const count = elements(inputs!.dims);
  return {
    inputs:
      inputs!.dtype === 'int64'
        ? integers(count, config.vocabularySize!)
        : Float32Array.from({ length: count }, () => random.normal()).buffer,
    labels: labels
      ? integers(elements(labels.dims), labels.dims.length > 1 ? config.vocabularySize! : config.classes)
      : new ArrayBuffer(0),
  };
}
