import type { MersenneTwister } from '../base/random.js';
import type { Initialiser } from './autodiff/tape.js';
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

/** Normal with the given deviation, redrawn beyond two deviations: customary for embeddings and positions. */
export const truncatedNormal =
  (deviation: number): Initialiser =>
  (dims, random) => {
    const values = new Float32Array(elementCount(dims));
    for (let i = 0; i < values.length; i++) {
      let draw = random.normal();
      while (Math.abs(draw) > 2) draw = random.normal();
      values[i] = deviation * draw;
    }
    return values;
  };

function uniforms(count: number, bound: number, random: MersenneTwister): Float32Array {
  const values = new Float32Array(count);
  const step = 2 / 2 ** 32;
  for (let i = 0; i < count; i++) values[i] = bound * (random.uint32() * step - 1);
  return values;
}

function normals(count: number, deviation: number, random: MersenneTwister): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = deviation * random.normal();
  return values;
}
