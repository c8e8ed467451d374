import type { MersenneTwister } from '../base/random.js';
import type { Initialiser } from './autodiff/tape.js';
import { normalQuantile } from './normal-quantile.js';
import { elementCount, type Shape } from './shape.js';

/**
 * Initial values of parameters, as the field draws them. Weights are [out, in, ...kernel]: the fan-in is the product
 * of all extents but the first, the fan-out that of all but the second.
 */
const fanIn = (dims: Shape) => elementCount(dims.slice(1));
const fanOut = (dims: Shape) => dims[0]! * elementCount(dims.slice(2));

/** An initialiser that says in words what it does. */
const ruled = (rule: string, draw: Initialiser): Initialiser => Object.assign(draw, { rule });

export const constant = (value: number): Initialiser => ruled(`constant ${value}`, (values) => values.fill(value));

/** Normal with deviation sqrt(2 / fan-out): He et al. 2015, as torchvision initialises ResNet's convolutions. */
export const kaimingNormalFanOut = ruled('normal, deviation sqrt(2 / fan-out)', (values, dims, random) =>
  draws(values, Math.sqrt(2 / fanOut(dims)), random, normalQuantiles()),
);

/** Normal with deviation sqrt(2 / fan-in): He et al. 2015, as torchvision initialises DenseNet's convolutions. */
export const kaimingNormalFanIn = ruled('normal, deviation sqrt(2 / fan-in)', (values, dims, random) =>
  draws(values, Math.sqrt(2 / fanIn(dims)), random, normalQuantiles()),
);

/** Normal with the given deviation: 0.01 for the linear layers of VGG and MobileNetV2. */
export const normal = (deviation: number): Initialiser =>
  ruled(`normal, deviation ${deviation}`, (values, _dims, random) =>
    draws(values, deviation, random, normalQuantiles()),
  );

/** Uniform within 1 / sqrt(fan-in): PyTorch's default for the weight of a linear layer or convolution. */
export const linearDefault = ruled('uniform within 1 / sqrt(fan-in)', (values, dims, random) =>
  uniforms(values, 1 / Math.sqrt(fanIn(dims)), random),
);

/** Uniform within 1 / sqrt(inputs): PyTorch's default for the bias of a linear layer with that many inputs. */
export const biasDefault = (inputs: number): Initialiser =>
  ruled(`uniform within 1 / sqrt(${inputs})`, (values, _dims, random) =>
    uniforms(values, 1 / Math.sqrt(inputs), random),
  );

/** Uniform within sqrt(6 / (fan-in + fan-out)): Glorot and Bengio 2010. */
export const xavierUniform = ruled('uniform within sqrt(6 / (fan-in + fan-out))', (values, dims, random) =>
  uniforms(values, Math.sqrt(6 / (fanIn(dims) + fanOut(dims))), random),
);

/** Normal with the given deviation, cut at two deviations: customary for embeddings and positions. */
export const truncatedNormal = (deviation: number): Initialiser =>
  ruled(`normal, deviation ${deviation}, cut at two deviations`, (values, _dims, random) =>
    draws(values, deviation, random, truncatedQuantiles()),
  );

function uniforms(values: Float32Array, bound: number, random: MersenneTwister): void {
  const step = 2 / 2 ** 32;
  forEachBlock(values.length, random, (bits, start) => {
    for (let i = 0; i < bits.length; i++) values[start + i] = bound * (bits[i]! * step - 1);
  });
}

/**
 * `scale` times a random entry of a table of 65,536 equally likely values, two draws from each 32 random bits. Millions
 * of weights are drawn per network: this is several times faster than exact deviates, which training does not need.
 */
function draws(values: Float32Array, scale: number, random: MersenneTwister, table: Float64Array): void {
  // For large tensors the products are made once; rounded to float32, half the table's size stays in the cache.
  if (values.length > 2 * table.length) {
    gathered(values, scaledTable(scale, table), random);
    return;
  }
  forEachBlock(Math.ceil(values.length / 2), random, (bits, start) => {
    for (let i = 0; i < bits.length; i++) {
      const pair = bits[i]!;
      const first = pair >>> 16;
      const second = pair & 0xffff;
      // A write past the end of an odd count is ignored.
      values[2 * (start + i)] = scale * table[first]!;
      values[2 * (start + i) + 1] = scale * table[second]!;
    }
  });
}

function gathered(values: Float32Array, table: Float32Array, random: MersenneTwister): void {
  forEachBlock(Math.ceil(values.length / 2), random, (bits, start) => {
    for (let i = 0; i < bits.length; i++) {
      const pair = bits[i]!;
      values[2 * (start + i)] = table[pair >>> 16]!;
      values[2 * (start + i) + 1] = table[pair & 0xffff]!;
    }
  });
}

function scaledTable(scale: number, table: Float64Array): Float32Array {
  const scaled = new Float32Array(table.length);
  for (let i = 0; i < table.length; i++) scaled[i] = scale * table[i]!;
  return scaled;
}

const blockSize = 4096;

/** Hands `count` random 32-bit integers to `use`, block by block, with the index of the block's first. */
function forEachBlock(count: number, random: MersenneTwister, use: (bits: Uint32Array, start: number) => void): void {
  const block = new Uint32Array(Math.min(count, blockSize));
  for (let start = 0; start < count; start += blockSize) {
    const bits = block.subarray(0, Math.min(blockSize, count - start));
    random.fill(bits);
    use(bits, start);
  }
}

const tableSize = 65536;
// Made when the first weights are drawn: describing a network draws none.
const normalQuantiles = onDemand(() => quantileTable(0));
/** Phi(-2): the share of the normal distribution below minus two deviations. */
const belowTwoDeviations = 0.02275013194817921;
const truncatedQuantiles = onDemand(() => quantileTable(belowTwoDeviations));

function onDemand<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Quantiles of the standard normal distribution at the middles of equal parts of (tail, 1 - tail). */
function quantileTable(tail: number): Float64Array {
  return Float64Array.from({ length: tableSize }, (_, i) =>
    normalQuantile(tail + ((i + 0.5) / tableSize) * (1 - 2 * tail)),
  );
}
