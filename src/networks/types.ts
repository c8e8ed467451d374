import type { Family, Row } from '../base/columns.js';
import type { InferenceModel } from '../graph/inference.js';
import type { InitialState } from '../graph/initial-state.js';
import type { OnnxGraph } from '../graph/onnx/types.js';
import type { TensorSpec } from '../graph/tensor-spec.js';

export type { TensorSpec } from '../graph/tensor-spec.js';

export const optimizers = ['SGD', 'Adam', 'AdamW', 'Adafactor'] as const;
export type Optimizer = (typeof optimizers)[number];
export type Precision = 16 | 32;

/** What a training graph is built for. Sizes come from the data set; sweeps choose the rest. */
export interface TrainingConfig {
  /** As in the `model` column: resnet50, resmlp, DistilBERT, ... */
  network: string;
  batchSize: number;
  optimizer: Optimizer;
  precision: Precision;
  /** Image networks: channels, height, width. */
  imageShape?: readonly [number, number, number];
  /** Classification: number of classes. */
  classes: number;
  /** Text networks; of the source where there is a target too. */
  sequenceLength?: number;
  /** Sequence to sequence: target tokens that are predicted. */
  targetLength?: number;
  vocabularySize?: number;
  /** MLP sweep. */
  embedDim?: number;
  depth?: number;
  /** CNNs: channels of every layer, as a share of the network's own; 1 unless given; tests use slim ones. */
  width?: number;
  /** vgg16: width of the classifier's two hidden layers, 4096 unless given; tests use slim ones. */
  hiddenDim?: number;
  /** Of the initial weights. */
  seed: number;
  /** Which provider the graph is for; formulations differ. */
  provider: 'cpu' | 'cuda' | 'webgpu';
}

/**
 * A whole training step in one ONNX Loop: trip count in, loss of each step out; the state (parameters, optimizer
 * moments) is carried by the loop and starts from external data.
 */
export interface TrainingGraph {
  /** Serialised ModelProto, without weights; made when it is first asked for. */
  readonly model: Uint8Array;
  /** What `model` serialises. */
  graph: OnnxGraph;
  /** Initial state: pass as an entry of `externalData`. */
  state: InitialState;
  /** Inputs of a batch (images or token ids, labels), in order. */
  inputs: TensorSpec[];
  /** int64 scalar: steps to run. */
  tripInput: string;
  /** float32 scalar: the learning rate. */
  learningRateInput: string;
  /** float32 [trips]: loss before each update. */
  lossOutput: string;
  /** Trainable parameters, in order, with shapes. */
  parameters: { name: string; dims: number[] }[];
}

/** A forward pass in ONNX: a batch in, logits out. */
export type InferenceGraph = InferenceModel;

export interface NetworkDescription {
  family: Family;
  /** Data sets that the spec allows for it. */
  datasets: readonly string[];
  /** Text networks read token ids, image networks float32 NCHW. */
  input: 'image' | 'text' | 'text-pair';
  /** Height and width in pixels to which the loader resizes images; without it they keep their data set's. */
  imageSize?: number;
}

/** The workload columns of a record that follow from the network and its configuration (not dataset, dataset_size). */
export type WorkloadRow = Row;
