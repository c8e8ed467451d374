import t from 'tap';
import { GraphBuilder, type Provider, type Tensor } from '#src/graph/builder.js';
import * as columns from '#src/graph/operations/convolution/columns.js';
import * as depthwise from '#src/graph/operations/convolution/depthwise.js';
import * as gatheredPatches from '#src/graph/operations/convolution/gathered-patches.js';
import { type Geometry, geometryOf, inputDims, outputDims } from '#src/graph/operations/convolution/geometry.js';
import * as inputGradients from '#src/graph/operations/convolution/input-gradient.js';
import * as pointwise from '#src/graph/operations/convolution/pointwise.js';
import * as weightGradients from '#src/graph/operations/convolution/weight-gradient.js';
import { elementCount } from '#src/graph/shape.js';
import { compile, input, normalsFor, relativeError } from './evaluate.js';

const geometries = {
  '3 x 3': geometryOf([2, 3, 5, 6], [4, 3, 3, 3], { padding: 1 }),
  '5 x 3 without padding': geometryOf([2, 3, 6, 5], [4, 3, 5, 3], {}),
  '3 x 3, stride 2, odd size': geometryOf([2, 3, 7, 5], [4, 3, 3, 3], { padding: 1, stride: 2 }),
  '3 x 3, stride 2, even size': geometryOf([2, 3, 6, 4], [4, 3, 3, 3], { padding: 1, stride: 2 }),
  '7 x 7, stride 2': geometryOf([2, 3, 9, 8], [4, 3, 7, 7], { padding: 3, stride: 2 }),
  depthwise: geometryOf([2, 4, 5, 6], [4, 1, 3, 3], { padding: 1, groups: 4 }),
  'depthwise, stride 2': geometryOf([2, 4, 5, 6], [4, 1, 3, 3], { padding: 1, stride: 2, groups: 4 }),
  grouped: geometryOf([2, 4, 5, 6], [6, 2, 3, 3], { padding: 1, groups: 2 }),
  patches: geometryOf([2, 3, 4, 6], [5, 3, 2, 2], { stride: 2 }),
  '1 x 1': geometryOf([2, 4, 3, 5], [3, 4, 1, 1], {}),
  '1 x 1, stride 2, even size': geometryOf([2, 4, 4, 6], [3, 4, 1, 1], { stride: 2 }),
  '1 x 1, stride 2, odd size': geometryOf([2, 4, 5, 5], [3, 4, 1, 1], { stride: 2 }),
} as const;
type GeometryName = keyof typeof geometries;

const everyKernel: GeometryName[] = Object.keys(geometries) as GeometryName[];
const pointwiseOnes: GeometryName[] = ['1 x 1', '1 x 1, stride 2, even size', '1 x 1, stride 2, odd size'];
const oneGroup = everyKernel.filter((name) => geometries[name].groups === 1);
const depthwiseOnes: GeometryName[] = ['depthwise', 'depthwise, stride 2'];
const strideOne: GeometryName[] = ['3 x 3', '5 x 3 without padding', '1 x 1'];

type Formulation = (builder: GraphBuilder, a: Tensor, b: Tensor, geometry: Geometry) => Tensor;
type Role = 'output' | 'input gradient' | 'weight gradient';

const table: { role: Role; name: string; formulation: Formulation; fits: GeometryName[]; provider?: Provider }[] = [
  { role: 'output', name: 'single product', formulation: pointwise.outputInSingleProduct, fits: pointwiseOnes },
  { role: 'output', name: 'columns', formulation: columns.outputFromColumns, fits: oneGroup },
  { role: 'output', name: 'product per channel', formulation: depthwise.output, fits: depthwiseOnes },
  { role: 'input gradient', name: 'product per channel', formulation: depthwise.inputGradient, fits: depthwiseOnes },
  { role: 'weight gradient', name: 'product per channel', formulation: depthwise.weightGradient, fits: depthwiseOnes },
  { role: 'input gradient', name: 'columns', formulation: columns.inputGradientFromColumns, fits: oneGroup },
  { role: 'weight gradient', name: 'columns', formulation: columns.weightGradientFromColumns, fits: oneGroup },
  { role: 'output', name: 'patches gathered', formulation: gatheredPatches.outputFromPatches, fits: oneGroup },
  {
    role: 'weight gradient',
    name: 'patches gathered',
    formulation: gatheredPatches.weightGradientFromPatches,
    fits: oneGroup,
  },
  {
    role: 'input gradient',
    name: 'patches gathered',
    formulation: gatheredPatches.inputGradientFromPatches,
    fits: ['3 x 3', '1 x 1'],
  },
  {
    role: 'input gradient',
    name: 'single product',
    formulation: pointwise.inputGradientInSingleProduct,
    fits: pointwiseOnes,
  },
  {
    role: 'input gradient',
    name: 'flipped convolution',
    formulation: inputGradients.flippedConvolution,
    fits: strideOne,
  },
  {
    role: 'input gradient',
    name: 'transposed convolution',
    formulation: inputGradients.transposedConvolution,
    fits: everyKernel,
  },
  {
    role: 'weight gradient',
    name: 'product per image',
    formulation: pointwise.weightGradientPerImage,
    fits: pointwiseOnes,
  },
  {
    role: 'weight gradient',
    name: 'single product',
    formulation: pointwise.weightGradientInSingleProduct,
    fits: pointwiseOnes,
  },
  { role: 'weight gradient', name: 'patches', formulation: weightGradients.fromPatches, fits: ['patches'] },
  {
    role: 'weight gradient',
    name: 'one-hot columns',
    formulation: weightGradients.fromOneHotColumns,
    fits: everyKernel,
  },
  {
    role: 'weight gradient',
    name: 'one-hot columns, as for WebGPU',
    formulation: weightGradients.fromOneHotColumns,
    fits: everyKernel,
    provider: 'webgpu',
  },
  {
    role: 'weight gradient',
    name: 'offsets, product per image',
    formulation: weightGradients.fromOffsetsPerImage,
    fits: strideOne,
  },
  {
    role: 'weight gradient',
    name: 'offsets, single products',
    formulation: weightGradients.fromOffsetsInSingleProducts,
    fits: strideOne,
  },
];

const weightDims = ({ outputChannels, inputChannels, groups, kernel }: Geometry) => [
  outputChannels,
  inputChannels / groups,
  ...kernel,
];

/** Visits every multiply-add of the convolution by its flat indices into output, input and weight: the definition. */
function visitProducts(geometry: Geometry, visit: (output: number, input: number, weight: number) => void): void {
  const { batch, inputChannels, outputChannels, groups, inputSize, outputSize, kernel, stride, padding } = geometry;
  const channelsPerGroup = inputChannels / groups;
  let output = -1;
  for (let n = 0; n < batch; n++) {
    for (let co = 0; co < outputChannels; co++) {
      const firstChannel = Math.floor(co / (outputChannels / groups)) * channelsPerGroup;
      for (let row = 0; row < outputSize[0]; row++) {
        for (let column = 0; column < outputSize[1]; column++) {
          output++;
          for (let c = 0; c < channelsPerGroup; c++) {
            for (let i = 0; i < kernel[0]; i++) {
              for (let j = 0; j < kernel[1]; j++) {
                const [y, x] = [row * stride + i - padding, column * stride + j - padding];
                if (y < 0 || y >= inputSize[0] || x < 0 || x >= inputSize[1]) continue;
                const inputIndex = ((n * inputChannels + firstChannel + c) * inputSize[0] + y) * inputSize[1] + x;
                visit(output, inputIndex, ((co * channelsPerGroup + c) * kernel[0] + i) * kernel[1] + j);
              }
            }
          }
        }
      }
    }
  }
}

/** What a formulation has to give, summed in float64. */
function reference(role: Role, geometry: Geometry, values: Record<string, Float32Array>): Float64Array {
  const { x, weight, g } = values as { x: Float32Array; weight: Float32Array; g: Float32Array };
  const dims = { output: outputDims, 'input gradient': inputDims, 'weight gradient': weightDims }[role](geometry);
  const sums = new Float64Array(elementCount(dims));
  visitProducts(geometry, (outputIndex, inputIndex, weightIndex) => {
    if (role === 'output') sums[outputIndex]! += x[inputIndex]! * weight[weightIndex]!;
    else if (role === 'input gradient') sums[inputIndex]! += g[outputIndex]! * weight[weightIndex]!;
    else sums[weightIndex]! += g[outputIndex]! * x[inputIndex]!;
  });
  return sums;
}

for (const { role, name, formulation, fits, provider = 'cpu' } of table) {
  t.test(`${role} by ${name}`, async (t) => {
    for (const geometryName of fits) {
      const geometry = geometries[geometryName];
      const builder = new GraphBuilder({ provider });
      const x = input('x', inputDims(geometry));
      const weight = input('weight', weightDims(geometry));
      const g = input('g', outputDims(geometry));
      const operands = { output: [x, weight], 'input gradient': [g, weight], 'weight gradient': [g, x] }[role];
      const [a, b] = operands as [Tensor, Tensor];
      const result = formulation(builder, a, b, geometry);
      const values = normalsFor([x, weight, g], 7);
      const run = await compile(builder, [a, b], [result]);
      const [actual] = await run(values);
      const expected = reference(role, geometry, values);
      t.equal(actual!.length, expected.length);
      const error = relativeError(actual!, expected);
      t.ok(error < 1e-5, `${geometryName}: relative error ${error.toExponential(1)}`);
    }
  });
}
