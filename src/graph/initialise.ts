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

export const constant =
  (value: number): Initialiser =>
  (dims) =>
    new Float32Array(elementCount(dims)).fill(value);

/** Normal with deviation sqrt(2 / fan-out): He et al. 2015, as torchvision initialises ResNet's convolutions. */
export const kaimingNormalFanOut: Initialiser = (dims, random) =>
  normals(elementCount(dims), Math.sqrt(2 / fanOut(dims)), random);

/** Normal with deviation sqrt(2 / fan-in): He et al. 2015, as torchvision initialises DenseNet's convolutions. */
export const kaimingNormalFanIn: Initialiser = (dims, random) =>
  normals(elementCount(dims), Math.sqrt(2 / fanIn(dims)), random);

/** Normal with the given deviation: 0.01 for the linear layers of VGG and MobileNetV2. */
export const normal =
  (deviation: number): Initialiser =>
  (dims, random) =>
    normals(elementCount(dims), deviation, random);

/** Uniform within 1 / sqrt(fan-in): PyTorch's default for the weight of a linear layer or convolution. */
export const linearDefault: Initialiser = (dims, random) =>
  uniforms(elementCount(dims), 1 / Math.sqrt(fanIn(dims)), random);

/** Uniform within 1 / sqrt(inputs): PyTorch's default for the bias of a linear layer with that many inputs. */
export const biasDefault =
  (inputs: number): Initialiser =>
  (dims, random) =>
    uniforms(elementCount(dims), 1 / Math.sqrt(inputs), random);

/** Uniform within sqrt(6 / (fan-in + fan-out)): Glorot and Bengio 2010. */
export const xavierUniform: Initialiser = (dims, random) =>
  uniforms(elementCount(dims), Math.sqrt(6 / (fanIn(dims) + fanOut(dims))), random);

/** Normal with the given deviation, cut at two deviations: customary for embeddings and positions. */
export const truncatedNormal =
  (deviation: number): Initialiser =>
  (dims, random) =>
    draws(elementCount(dims), deviation, random, truncatedQuantiles);

function uniforms(count: number, bound: number, random: MersenneTwister): Float32Array {
  const values = new Float32Array(count);
  const step = 2 / 2 ** 32;
  for (let i = 0; i < count; i++) values[i] = bound * (random.uint32() * step - 1);
  return values;
}

function normals(count: number, deviation: number, random: MersenneTwister): Float32Array {
  return draws(count, deviation, random, normalQuantiles);
}

/**
 * `scale` times a random entry of a table of 65,536 equally likely values, two draws from each 32 random bits. Millions
 * of weights are drawn per network: this is several times faster than exact deviates, which training does not need.
 */
function draws(count: number, scale: number, random: MersenneTwister, table: Float64Array): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const bits = random.uint32();
    values[i] = scale * table[bits >>> 16]!;
    if (i + 1 < count) values[i + 1] = scale * table[bits & 0xffff]!;
  }
  return values;
}

const tableSize = 65536;
const normalQuantiles = quantileTable(0);
/** Phi(-2): the share of the normal distribution below minus two deviations. */
const belowTwoDeviations = 0.02275013194817921;
const truncatedQuantiles = quantileTable(belowTwoDeviations);

/** Quantiles of the standard normal distribution at the middles of equal parts of (tail, 1 - tail). */
function quantileTable(tail: number): Float64Array {
  return Float64Array.from({ length: tableSize }, (_, i) =>
    normalQuantile(tail + ((i + 0.5) / tableSize) * (1 - 2 * tail)),
  );
}
