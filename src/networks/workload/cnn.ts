import type { ConvolutionFacts, OperationRecord, Tape } from '../../graph/autodiff/tape.js';
import { isDepthwise } from '../../graph/operator-class.js';
import { elementCount } from '../../graph/shape.js';
import { imageShapeOf } from '../sizes.js';
import type { TrainingConfig, WorkloadRow } from '../types.js';
import {
  bytesPerActivation,
  identityColumns,
  parameterCount,
  sampleCostColumns,
  showImageShape,
  stateColumns,
} from './common.js';

/** The workload columns of a convolutional network, counted from the operations of one sample's forward pass. */
export function cnnWorkload(config: TrainingConfig, sample: Tape): WorkloadRow {
  const ofKind = (...kinds: OperationRecord['kind'][]) => sample.operations.filter(({ kind }) => kinds.includes(kind));
  const sum = (operations: readonly OperationRecord[], of: (operation: OperationRecord) => number) =>
    operations.reduce((total, operation) => total + of(operation), 0);
  const flopsOf = (operation: OperationRecord) => operation.flops;
  const outputSize = (operation: OperationRecord) => elementCount(operation.output.dims);

  const convolutions = ofKind('convolution');
  const convolutionFlops = sum(convolutions, flopsOf);
  const fraction = (matches: (facts: ConvolutionFacts) => boolean) =>
    sum(
      convolutions.filter(({ convolution }) => convolution && matches(convolution)),
      flopsOf,
    ) / convolutionFlops;

  const depthwise = ({ groups, inputChannels }: ConvolutionFacts) => isDepthwise(groups, inputChannels);
  const layers = ofKind('convolution', 'linear');
  const activations = sum(ofKind('convolution', 'linear', 'normalisation', 'activation', 'pooling'), outputSize);
  const state = stateColumns(config, parameterCount(sample));
  return {
    ...identityColumns(config, 'cnn'),
    input_shape: showImageShape(imageShapeOf(config)),
    num_classes: config.classes,
    depth: layers.length,
    ...state,
    ...sampleCostColumns(config, state, sum(layers, flopsOf), activations * bytesPerActivation(config)),
    flops_1x1_frac: fraction(({ kernel }) => kernel[0] === 1 && kernel[1] === 1),
    flops_3x3_frac: fraction(({ kernel }) => kernel[0] === 3 && kernel[1] === 3),
    flops_depthwise_frac: fraction(depthwise),
    flops_grouped_frac: fraction((facts) => facts.groups > 1 && !depthwise(facts)),
    bn_layers: ofKind('normalisation').length,
    act_layers: ofKind('activation').length,
    sum_hwC: sum(convolutions, outputSize),
    max_hwC: Math.max(...convolutions.map(outputSize)),
  };
}
