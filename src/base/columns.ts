/**
 * The columns of a benchmark record: the one list behind CSV headers, type checks, feature selection and the docs.
 * Order in a file: workload (per family), timings, device and host controls, hardware, then ours (operations, provenance).
 */
export type Family = 'cnn' | 'mlp' | 'transformer';
export const families: readonly Family[] = ['cnn', 'mlp', 'transformer'];

/** Whose records an evaluation takes: those of one family, or mixed and foreign ones. */
export type EvaluatedFamily = Family | 'any';
export const evaluatedFamilies: readonly EvaluatedFamily[] = [...families, 'any'];

/** The family's name in file names and in the `architecture` column. */
export const familyLabel: Record<Family, string> = { cnn: 'CNN', mlp: 'MLP', transformer: 'Transformer' };

/** What figures and reports call their models. */
export const evaluatedLabel: Record<EvaluatedFamily, string> = { ...familyLabel, any: 'any-family' };

export type CellType = 'text' | 'integer' | 'number' | 'boolean';
export type Cell = string | number | boolean | null;
/** One record: column name -> value; null where a column does not apply or was not measured. */
export type Row = Record<string, Cell>;

export type ColumnGroup = 'workload' | 'timing' | 'control' | 'hardware' | 'operations' | 'provenance';

export interface Column {
  readonly name: string;
  readonly type: CellType;
  readonly group: ColumnGroup;
  /** Unit and meaning, for the documentation. */
  readonly about: string;
}

type Spec = readonly [name: string, type: CellType, about: string];

const inGroup = (group: ColumnGroup, specs: readonly Spec[]): Column[] =>
  specs.map(([name, type, about]) => ({ name, type, group, about }));

const learning: Record<string, Spec> = {
  dataset: ['dataset', 'text', 'data set'],
  inputShape: ['input_shape', 'text', 'channels, height, width of one sample'],
  classes: ['num_classes', 'integer', 'classes of the data set'],
  size: ['dataset_size', 'integer', 'training samples of the data set'],
  optimizer: ['optimizer', 'text', 'SGD, Adam, AdamW or Adafactor'],
  rate: ['learning_rate', 'number', 'learning rate'],
  batch: ['batch_size', 'integer', 'samples per iteration'],
  precision: ['precision', 'integer', '16 (mixed) or 32 bits'],
  amp: ['amp', 'boolean', 'mixed precision with loss scaling'],
  model: ['model', 'text', 'network'],
  architecture: ['architecture', 'text', 'CNN, MLP or Transformer'],
};

const stateBytes: readonly Spec[] = [
  ['param_count', 'integer', 'trainable parameters'],
  ['param_bytes', 'integer', '4 bytes per parameter'],
  ['optimizer_state_bytes', 'integer', 'param_bytes x 1 (SGD, Adafactor: one moment) or x 2 (Adam, AdamW)'],
  ['master_param_bytes', 'integer', 'param_bytes when amp, else 0'],
  ['total_state_bytes', 'integer', 'sum of the three'],
];

const sampleFlops: readonly Spec[] = [
  ['flops_fwd_per_sample', 'number', 'forward FLOPs of one sample'],
  ['flops_train_per_sample', 'number', '3 x flops_fwd_per_sample'],
  ['flops_train_per_batch', 'number', 'flops_train_per_sample x batch_size'],
];

const activation: Spec = ['act_bytes_per_sample_proxy', 'number', 'bytes of the activations of one sample'];
const intensity: Spec = [
  'arithmetic_intensity_train',
  'number',
  'training FLOPs per byte of parameters and activations',
];

const cnnWorkload: readonly Spec[] = [
  learning.dataset!,
  learning.inputShape!,
  learning.classes!,
  learning.size!,
  learning.optimizer!,
  learning.rate!,
  learning.batch!,
  learning.precision!,
  learning.amp!,
  learning.model!,
  learning.architecture!,
  ['depth', 'integer', 'convolution and linear layers'],
  ...stateBytes,
  ...sampleFlops,
  activation,
  intensity,
  ['flops_1x1_frac', 'number', 'share of convolution FLOPs in 1x1 kernels'],
  ['flops_3x3_frac', 'number', 'share of convolution FLOPs in 3x3 kernels'],
  ['flops_depthwise_frac', 'number', 'share of convolution FLOPs in depthwise convolutions'],
  ['flops_grouped_frac', 'number', 'share of convolution FLOPs in grouped convolutions'],
  ['bn_layers', 'integer', 'batch normalisation layers'],
  ['act_layers', 'integer', 'activation layers'],
  ['sum_hwC', 'integer', 'sum over convolutions of Hout x Wout x Cout'],
  ['max_hwC', 'integer', 'maximum over convolutions of Hout x Wout x Cout'],
  ['disk_bytes_per_sample', 'number', 'mean file size of a sample; 0 for in-memory data sets'],
];

const mlpWorkload: readonly Spec[] = [
  learning.dataset!,
  learning.inputShape!,
  learning.classes!,
  learning.size!,
  learning.rate!,
  learning.batch!,
  learning.optimizer!,
  learning.precision!,
  learning.amp!,
  learning.model!,
  learning.architecture!,
  ['embed_dim', 'integer', 'embedding width D'],
  ['depth', 'integer', 'blocks'],
  ['patch_size', 'integer', 'pixels along a patch side'],
  ['token_mlp_dim', 'integer', 'hidden width of the token MLP'],
  ['channel_mlp_dim', 'integer', 'hidden width of the channel MLP'],
  ['num_patches', 'integer', 'patches of one sample'],
  ...sampleFlops,
  ...stateBytes,
  activation,
  intensity,
];

const transformerWorkload: readonly Spec[] = [
  learning.dataset!,
  learning.size!,
  ['seq_len', 'integer', 'tokens of one sample'],
  ['src_len', 'integer', 'source tokens'],
  ['tgt_len', 'integer', 'target tokens; empty for encoders'],
  learning.rate!,
  learning.batch!,
  ['effective_batch_size', 'integer', 'batch size after gradient accumulation'],
  learning.precision!,
  ['amp_enabled', 'boolean', 'mixed precision with loss scaling'],
  learning.optimizer!,
  learning.model!,
  learning.architecture!,
  ['arch_family', 'text', 'encoder_only or encoder_decoder'],
  ['depth', 'integer', 'blocks; encoder + decoder'],
  ['d_model', 'integer', 'model width'],
  ['n_heads', 'integer', 'attention heads'],
  ['d_head', 'integer', 'd_model / n_heads'],
  ['d_ff', 'integer', 'feed-forward width'],
  ['ffn_multiplier', 'number', 'd_ff / d_model'],
  ['activation', 'text', 'activation function'],
  ['norm_style', 'text', 'preln or postln'],
  ['norm_impl', 'text', 'LayerNorm'],
  ['positional_encoding', 'text', 'learned or sinusoidal'],
  ['attention_pattern', 'text', 'dense or causal'],
  ['vocab_size', 'integer', 'vocabulary; empty for images'],
  ['img_size', 'integer', 'pixels along an image side; empty for text'],
  ['patch_size', 'integer', 'pixels along a patch side; empty for text'],
  ['in_channels', 'integer', 'image channels; empty for text'],
  ...stateBytes,
  ['flops_fwd_per_token', 'number', 'forward FLOPs of one block for one token'],
  ['flops_train_per_seq', 'number', 'training FLOPs of one sequence'],
  ['flops_train_per_batch', 'number', 'training FLOPs of one batch'],
  ['act_bytes_per_seq_proxy', 'number', 'bytes of the activations of one sequence'],
  intensity,
];

const timing: readonly Spec[] = [
  ['avg_batch_time_ms', 'number', 'mean iteration time, ms'],
  ['p90_batch_time_ms', 'number', '90th percentile of the iteration time, ms'],
  ['T_gpu_ms', 'number', 'mean compute time, ms'],
  ['T_cpu_io_ms', 'number', 'mean wait for the loader, ms'],
  ['T_step_ms', 'number', 'max(T_gpu_ms, T_cpu_io_ms)'],
  ['loader_ratio', 'number', 'T_cpu_io_ms / (T_cpu_io_ms + T_gpu_ms)'],
  ['bottleneck', 'text', 'gpu if T_gpu_ms > T_cpu_io_ms, else host'],
];

const transformerThroughput: readonly Spec[] = [
  ['examples_per_sec', 'number', 'samples per second'],
  ['tokens_per_sec', 'number', 'tokens per second'],
];

const control: readonly Spec[] = [
  ['gpu_name', 'text', "the device's name, or CPU"],
  ['vcpu', 'integer', 'loader workers'],
  ['storage', 'text', 'NVME, SSD, cold or cached: label of the storage mode'],
];

const hardware: readonly Spec[] = [
  ['GPU Memory Bandwidth (GB/s)', 'number', 'memory bandwidth, GB/s'],
  ['Memory (GB)', 'number', 'memory, GB'],
  ['Memory Type', 'text', 'memory technology'],
  ['Bus', 'text', 'host bus'],
  ['gpu_arch', 'text', 'architecture'],
  ['SM', 'integer', 'multiprocessors (CPU: logical cores in use)'],
  ['FP16', 'number', 'peak fp16 rate, GFLOP/s'],
  ['FP32', 'number', 'peak fp32 rate, GFLOP/s'],
  ['FP64', 'number', 'peak fp64 rate, GFLOP/s'],
];

/** Of a training step on a whole batch: forward and backward pass. */
const operations: readonly Spec[] = [
  ['n_ops_exec', 'integer', 'operations that are executed'],
  ['flops_exec_per_batch', 'number', 'their FLOPs, a multiply-add counted as two'],
  ['bytes_exec_per_batch', 'number', 'bytes that they move, each input read and each output written once'],
  ['flops_matmul_exec', 'number', 'FLOPs of matrix products'],
  ['bytes_matmul_exec', 'number', 'bytes of matrix products'],
  ['flops_conv_exec', 'number', 'FLOPs of convolutions but for depthwise ones'],
  ['bytes_conv_exec', 'number', 'bytes of convolutions but for depthwise ones'],
  ['bytes_embedding_exec', 'number', 'bytes of embeddings'],
];

const provenance: readonly Spec[] = [
  ['record_id', 'text', 'hash of what identifies the trial'],
  ['started_at', 'text', 'ISO 8601, UTC'],
  ['orion_version', 'text', 'version of orion-bench'],
  ['ort_version', 'text', 'version of ONNX Runtime'],
  ['provider', 'text', 'cpu, cuda or webgpu; empty where the accelerator is emulated'],
  ['timing', 'text', 'real or emulated'],
  ['data', 'text', 'real or synthetic'],
  ['warmup_batches', 'integer', 'iterations before the window'],
  ['measure_batches', 'integer', 'iterations in the window'],
  ['p50_batch_time_ms', 'number', 'median iteration time, ms'],
  ['std_batch_ms', 'number', 'standard deviation of the iteration time, ms'],
  ['ci95_batch_ms', 'number', "half width of the mean's 95 % interval, over blocks of whole rounds of the workers, ms"],
  ['h2d_ms', 'number', 'mean time to hand a batch to the device, ms; on CUDA without the copy, which is in the step'],
  ['steady_state', 'boolean', 'the queue filled before the window was consumed, and the warm-up ended on a flat trend'],
  ['compute_only_ms', 'number', 'mean step on a batch that the device has already, without a loader, ms'],
  ['prepare_ms', 'number', 'mean time per batch of all workers, files in the page cache, nobody computing, ms'],
  ['fetch_ms', 'number', 'what reading from the device adds to prepare_ms (0 for data in memory), ms'],
  ['storage_read_mbps', 'number', 'sample-sized random reads of this data set, 10^6 bytes/s'],
  ['decode_images_per_s_per_worker', 'number', 'samples decoded per second by one worker'],
  ['cpu_model', 'text', 'processor'],
  ['cpu_cap', 'integer', 'CPUs the process may use'],
  ['gpu_uuid', 'text', 'UUID of the GPU; empty on the CPU'],
  ['driver', 'text', 'GPU driver; empty on the CPU'],
  ['hardware_source', 'text', 'where the hardware columns come from: catalogue or measured'],
  ['status', 'text', 'ok, failed or skipped'],
  ['reason', 'text', 'why a trial failed or was skipped'],
];

const workload: Record<Family, readonly Spec[]> = {
  cnn: cnnWorkload,
  mlp: mlpWorkload,
  transformer: transformerWorkload,
};

/** Every column of a family's records, in file order; of `any` those of all families, each once. */
export function columnsOf(family: EvaluatedFamily): Column[] {
  if (family === 'any') {
    const named = families.flatMap((each) => columnsOf(each)).map((column) => [column.name, column] as const);
    return [...new Map(named).values()];
  }
  return [
    ...inGroup('workload', workload[family]),
    ...inGroup('timing', timing),
    ...inGroup('timing', family === 'transformer' ? transformerThroughput : []),
    ...inGroup('control', control),
    ...inGroup('hardware', hardware),
    ...inGroup('operations', operations),
    ...inGroup('provenance', provenance),
  ];
}

/** Hardware columns that are joined to a row by `gpu_name`. */
export const hardwareColumns: readonly string[] = hardware.map(([name]) => name);
