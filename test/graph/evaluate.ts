import ort from 'onnxruntime-node';
import { MersenneTwister } from '#src/base/random.js';
import type { GraphBuilder, Provider, Tensor } from '#src/graph/builder.js';
import { encodeModel } from '#src/graph/onnx/encode.js';
import { elementCount } from '#src/graph/shape.js';

export type Values = Float32Array | BigInt64Array;
export type Feeds = Readonly<Record<string, Values>>;

export const input = (name: string, dims: readonly number[], type: Tensor['type'] = 'float32'): Tensor => ({
  name,
  type,
  dims,
});

/** Compiles what `builder` holds; the returned function runs it and gives the outputs' values, in order. */
export async function compile(
  builder: GraphBuilder,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  { threads = 1, provider = 'cpu' }: { threads?: number; provider?: Provider } = {},
) {
  const model = encodeModel({
    name: 'test',
    nodes: builder.nodes,
    initialisers: builder.constants,
    inputs,
    outputs,
  });
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  return async (feeds: Feeds, wanted: readonly Tensor[] = outputs): Promise<Float32Array[]> => {
    const tensors = Object.fromEntries(
      inputs.map(({ name, type, dims }) => [
        name,
        new ort.Tensor(type as 'float32', feeds[name] as Float32Array, [...dims]),
      ]),
    );
    const results = await session.run(
      tensors,
      wanted.map(({ name }) => name),
    );
    return wanted.map(({ name }) => results[name]!.data as Float32Array);
  };
}

/** Standard normal values. */
export function normals(count: number, random: MersenneTwister): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Distinct values, at least `spacing` apart, in random order: safe for finite differences of maxima and kinks at 0. */
export function separated(count: number, spacing: number, random: MersenneTwister): Float32Array {
  const values = Float32Array.from({ length: count }, (_, i) => (i - count / 2 + 0.5) * spacing);
  return random.shuffle(values);
}

export function normalsFor(tensors: readonly Tensor[], seed: number): Record<string, Float32Array> {
  const random = new MersenneTwister(seed);
  return Object.fromEntries(tensors.map(({ name, dims }) => [name, normals(elementCount(dims), random)]));
}

/** Largest absolute difference over the largest absolute value of `expected` (or over `floor`, if that is larger). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 0): number {
  let difference = 0;
  let largest = floor;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference / largest;
}
