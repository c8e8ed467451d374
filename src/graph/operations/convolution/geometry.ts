import type { Attributes } from '../../builder.js';
import type { Shape } from '../../shape.js';
import { type WindowGeometry, windowCount } from '../windows.js';

export interface ConvolutionOptions {
  /** Along both axes; 1 unless given. */
  stride?: number;
  /** Zeros on each side; 0 unless given. */
  padding?: number;
  groups?: number;
}

/** All sizes of a two-dimensional convolution: input [N, Ci, H, W], weight [Co, Ci / groups, kernel], output [N, Co, Ho, Wo]. */
export interface Geometry extends WindowGeometry {
  batch: number;
  inputChannels: number;
  outputChannels: number;
  groups: number;
}

export function geometryOf(input: Shape, weight: Shape, options: ConvolutionOptions): Geometry {
  const { stride = 1, padding = 0, groups = 1 } = options;
  const [batch, inputChannels, ...inputSize] = input as [number, number, number, number];
  const [outputChannels, channelsPerGroup, ...kernel] = weight as [number, number, number, number];
  if (channelsPerGroup * groups !== inputChannels) {
    throw new RangeError(`weights for ${channelsPerGroup} x ${groups} channels do not fit ${inputChannels} channels`);
  }
  const along = (axis: 0 | 1) => windowCount(inputSize[axis], kernel[axis], stride, padding);
  return {
    batch,
    inputChannels,
    outputChannels,
    groups,
    inputSize,
    outputSize: [along(0), along(1)],
    kernel,
    stride,
    padding,
  };
}

export const outputDims = (geometry: Geometry): number[] => [
  geometry.batch,
  geometry.outputChannels,
  ...geometry.outputSize,
];

export const inputDims = (geometry: Geometry): number[] => [
  geometry.batch,
  geometry.inputChannels,
  ...geometry.inputSize,
];

/** Output pixels of one image. */
export const outputPixels = ({ outputSize }: Geometry): number => outputSize[0] * outputSize[1];

export const kernelElements = ({ kernel }: Geometry): number => kernel[0] * kernel[1];

export function isPointwise({ kernel, groups, padding }: Geometry): boolean {
  return kernel[0] === 1 && kernel[1] === 1 && groups === 1 && padding === 0;
}

/** Attributes of ONNX's Conv and ConvTranspose. */
export function convolutionAttributes({ kernel, stride, padding, groups }: Geometry): Attributes {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
    group: { int: groups },
  };
}
