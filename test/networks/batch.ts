import ort from 'onnxruntime-node';
import type { MersenneTwister } from '#src/base/random.js';
import { elementCount } from '#src/graph/shape.js';
import type { TrainingConfig } from '#src/networks/types.js';

/** Random images, or random tokens with padding at the end of all but the first text; random labels. */
export function randomBatch(config: TrainingConfig, inputDims: readonly number[], random: MersenneTwister) {
  const labels = BigInt64Array.from({ length: config.batchSize }, () => BigInt(random.interval(config.classes - 1)));
  const count = elementCount(inputDims);
  if (config.imageShape) return { inputs: Float32Array.from({ length: count }, () => random.normal()), labels };
  const length = config.sequenceLength!;
  const inputs = BigInt64Array.from({ length: count }, (_, i) => {
    const kept = length - 3 * Math.floor(i / length);
    return i % length < kept ? BigInt(1 + random.interval(config.vocabularySize! - 2)) : 0n;
  });
  return { inputs, labels };
}

export const tensorOf = (values: Float32Array | BigInt64Array, dims: readonly number[]) =>
  values instanceof Float32Array
    ? new ort.Tensor('float32', values, [...dims])
    : new ort.Tensor('int64', values, [...dims]);
