import { nearest } from '../base/checks.js';
import { InputError } from '../base/errors.js';
import { Tape } from '../graph/autodiff/tape.js';
import { GraphBuilder } from '../graph/builder.js';
import { buildInferenceModel } from '../graph/inference.js';
import { gradScaler } from '../graph/loss-scaling.js';
import { buildStepModel, type StepModel, type StepOptions } from '../graph/step.js';
import { buildTrainingModel } from '../graph/training.js';
import { asmlp } from './asmlp.js';
import { deitTiny } from './deit-tiny.js';
import { densenet121 } from './densenet121.js';
import { distilbert } from './distilbert.js';
import { documentationOf } from './documentation.js';
import { mixer } from './mixer.js';
import { mobilenetv2 } from './mobilenetv2.js';
import type { Network } from './network.js';
import { optimizerRule } from './optimizers.js';
import { computeTypeOf } from './precision.js';
import { resmlp } from './resmlp.js';
import { resnet50 } from './resnet50.js';
import { transformer } from './transformer.js';
import type { InferenceGraph, NetworkDescription, TrainingConfig, TrainingGraph, WorkloadRow } from './types.js';
import { vgg16 } from './vgg16.js';
import { vit } from './vit.js';
import { networkOperations } from './workload/operations.js';

const known: Readonly<Record<string, Network>> = {
  resnet50,
  vgg16,
  densenet121,
  mobilenetv2,
  resmlp,
  mixer,
  asmlp,
  DistilBERT: distilbert,
  'DeiT-Tiny': deitTiny,
  ViT: vit,
  Transformer: transformer,
};

/** The networks by the name of the `model` column. */
export const networks: Readonly<Record<string, NetworkDescription>> = known;

/** Throws InputError, naming the known networks and the nearest one, for a name that is not among them. */
export function networkNamed(name: string): Network {
  if (Object.hasOwn(known, name)) return known[name]!;
  const names = Object.keys(known);
  const near = nearest(name, names);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  throw new InputError(`Unknown network '${name}': expected one of ${names.join(', ')}.${hint}`);
}

/** The training step of a network, its batch, optimizer and initial weights, as one ONNX model. */
export function trainingGraph(config: TrainingConfig): TrainingGraph {
  const network = networkNamed(config.network);
  return buildTrainingModel((tape) => network.forward(tape, config), {
    ...stepOptions(config),
    statePath: `${config.network}.bin`,
    documentation: documentationOf(config, 'training'),
    ...(config.precision === 16 && { mixedPrecision: gradScaler }),
  });
}

/** The training step of a network as a graph whose state comes in and goes out; in float32. */
export function stepGraph(config: TrainingConfig): StepModel {
  const network = networkNamed(config.network);
  return buildStepModel((tape) => network.forward(tape, config), stepOptions(config));
}

const stepOptions = ({ network, provider, optimizer, seed }: TrainingConfig): StepOptions => ({
  provider,
  optimizer: optimizerRule(optimizer, networkNamed(network).family),
  seed,
});

/**
 * The forward pass of a network with the weights that its training graph starts from: a batch in, logits out. Norms over
 * the batch use running statistics. The optimizer of the configuration has no say in it.
 */
export function inferenceGraph(config: TrainingConfig): InferenceGraph {
  const network = networkNamed(config.network);
  return buildInferenceModel((tape) => network.forward(tape, config), {
    provider: config.provider,
    seed: config.seed,
    statePath: `${config.network}.bin`,
    documentation: documentationOf(config, 'inference'),
    computeType: computeTypeOf(config),
  });
}

/**
 * The columns of a record that follow from the network and its configuration: those of its workload (ORION section 1), all
 * but dataset, dataset_size, learning_rate and disk_bytes_per_sample, and the operations that are counted beyond.
 */
export function workload(config: TrainingConfig): WorkloadRow {
  const network = networkNamed(config.network);
  // Formulated with the fewest nodes: what is counted depends neither on the provider nor on training.
  const sample = new Tape(new GraphBuilder({ provider: 'cuda' }), computeTypeOf(config), 'inference');
  network.forward(sample, { ...config, batchSize: 1 });
  return { ...network.workload(config, sample), ...networkOperations(config, sample) };
}
