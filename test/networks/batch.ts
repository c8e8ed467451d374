import ort from 'onnxruntime-node';
import type { MersenneTwister } from '#src/base/random.js';
import { elementCount } from '#src/graph/shape.js';
import type { TrainingConfig } from '#src/networks/types.js';

interface InputSpec {
  readonly dims: readonly number[];
}

/**
 * Values for a network's two inputs. Images are normal; texts random tokens, each but the first with three more tokens of
 * padding at its end; labels random classes, or texts where each token is one.
 */
export function randomBatch(config: TrainingConfig, specs: readonly InputSpec[], random: MersenneTwister) {
  const [inputSpec, labelSpec] = specs as [InputSpec, InputSpec];
  const count = elementCount(inputSpec.dims);
  const inputs = config.imageShape
    ? Float32Array.from({ length: count }, () => random.normal())
    : randomTexts(config, inputSpec, random);
  const labels =
    labelSpec.dims.length > 1
      ? randomTexts(config, labelSpec, random)
      : BigInt64Array.from({ length: config.batchSize }, () => BigInt(random.interval(config.classes - 1)));
  return { inputs, labels };
}

function randomTexts({ vocabularySize }: TrainingConfig, { dims }: InputSpec, random: MersenneTwister): BigInt64Array {
  const length = dims[1]!;
  return BigInt64Array.from({ length: elementCount(dims) }, (_, i) => {
    const kept = length - 3 * Math.floor(i / length);
    return i % length < kept ? BigInt(1 + random.interval(vocabularySize! - 2)) : 0n;
  });
}

export const tensorOf = (values: Float32Array | BigInt64Array, dims: readonly number[]) =>
  values instanceof Float32Array
    ? new ort.Tensor('float32', values, [...dims])
    : new ort.Tensor('int64', values, [...dims]);
