import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { MissingDeviceError, messageOf } from './errors.js';
import { translateErrors } from './native-errors.js';
import { packageRoot } from './package.js';

/** The addon's surface, typed in this one file. Times are integer nanoseconds (as doubles), sizes bytes. */
export interface NativeAddon {
  readonly build: {
    /** CUDA kernels are compiled in. */
    cuda: boolean;
    /** e.g. ['75', '80', ...]; empty without CUDA. */
    cudaArchitectures: string[];
    compiler: string;
  };
  readonly timing: TimingEngine;
  readonly host: HostEngine;
  readonly storage: StorageEngine;
  readonly image: ImageEngine;
  readonly gpu: GpuEngine;
  readonly boosting: BoostingEngine;
  readonly files: FilesEngine;
  /** Ends measurements in progress early, for good: Node waits at its exit for the threads that they run on. */
  interrupt(): void;
}

/** Statistics of a sample, in the unit of its values. */
export interface SampleSummary {
  count: number;
  mean: number;
  median: number;
  p25: number;
  p75: number;
  p90: number;
  p99: number;
  minimum: number;
  maximum: number;
  /** n - 1 in the denominator */
  standardDeviation: number;
  /** standardDeviation / mean */
  relativeStandardDeviation: number;
}

export interface TimingEngine {
  /** CLOCK_MONOTONIC_RAW, ns. */
  monotonicNs(): bigint;
  /** CPUs that this process may use (sched_getaffinity). */
  affinity(): number[];
  /** Pins every thread of this process, present and future, to these CPUs. Throws if one is not allowed. */
  setAffinity(cpus: number[]): void;
  summarize(samples: Float64Array): SampleSummary;
}

export interface HostEngine {
  /** Streaming copy (read + write counted), bytes/s; median of repeats over arrays far larger than the caches. */
  copyBandwidth(options: { threads: number; bytes: number; durationMs: number }): Promise<HostRate>;
  /** Fused multiply-adds at the widest vectors this CPU has, FLOP/s (2 per FMA). */
  fmaRate(options: { threads: number; precision: 32 | 64; durationMs: number }): Promise<HostRate>;
}

export interface HostRate {
  /** bytes/s or FLOP/s: median over repeats */
  perSecond: number;
  repeats: number;
  relativeStandardDeviation: number;
  /** e.g. avx512f, avx2+fma, generic (fmaRate only) */
  instructionSet: string | null;
}

export type StorageEngineName = 'uring' | 'psync' | 'null';

export interface StorageRequest {
  /** Regular files or one block device; opened O_RDONLY only. With pattern 'files', each is read whole, shuffled. */
  paths: string[];
  pattern: 'sequential' | 'random' | 'files';
  blockBytes: number;
  /** Requests in flight per thread. */
  depth: number;
  threads: number;
  /** 'auto' takes io_uring, else psync; a named engine that is missing is an error. */
  engine: 'auto' | StorageEngineName;
  /** O_DIRECT. */
  direct: boolean;
  durationMs: number;
  /** Excluded from the result. */
  rampMs: number;
  /**
   * Not 0: the ramp goes on until throughput changed by at most so many percent of its mean over a second (slope of the
   * least-squares line), for at most ten times `durationMs`.
   */
  steadyPercent: number;
  /** Stop after this many bytes (those of the ramp not counted); 0 = time alone. */
  maxBytes: number;
  seed: number;
}

export interface StorageMeasurement {
  engine: StorageEngineName;
  /** Why 'auto' did not take io_uring; null where it did or an engine was named. */
  engineReason: string | null;
  /** What the engine uses of what it could, in words: registered buffers, ...; empty for one that has no choice. */
  engineFeatures: string[];
  direct: boolean;
  targetBytes: number;
  /** Alignment used for buffers, offsets and sizes. */
  alignmentBytes: number;
  bytes: number;
  operations: number;
  elapsedNs: number;
  bytesPerSecond: number;
  operationsPerSecond: number;
  latencyNs: { mean: number; p50: number; p90: number; p99: number; p999: number; p9999: number; maximum: number };
  /** Mean number of requests in flight over all threads (Little's law: rate x mean latency). */
  achievedDepth: number;
  /** CPU time of the reading threads and of the kernel's io_uring workers. */
  userCpuNs: number;
  systemCpuNs: number;
  rampNs: number;
  /** Whether the ramp ended in the steady state that was asked for; null where none was. */
  steady: boolean | null;
  /** What was read in each interval since the ramp ended; the last one may be cut short. */
  series: { intervalNs: number; bytes: number[]; operations: number[] };
  /** Over the whole run, ramp included: reads in flight at an edge of the window would be on one side only. */
  account: {
    /** Ours, each read rounded up to the alignment. */
    readBytes: number;
    /** That the kernel fetched from devices for this process (/proc/self/io); null where it does not count. */
    processBytes: number | null;
    /** That the block device read for anybody (/sys/dev/block/M:m/stat); null where it has no counter. */
    deviceBytes: number | null;
  };
  /** The sentence of a read that failed; all else holds what was measured until then. */
  failure: string | null;
}

export interface StorageEngine {
  /** Engines in order of preference with, for one that cannot be used, the reason. */
  engines(): { name: StorageEngineName; usable: boolean; reason: string | null }[];
  /** Resolves with a `failure` where a read fails midway; rejects where nothing can be measured. */
  measure(request: StorageRequest): Promise<StorageMeasurement>;
  /** A reader of a loader's samples, for the thread that asks for it. */
  sampleReader(policy: ReadPolicy): NativeSampleReader;
  /**
   * Makes whole files leave the page cache; what is not written yet is written first. Needs no privileges. Rejects where a
   * file lies in memory (tmpfs).
   */
  dropFromCache(paths: readonly string[]): Promise<void>;
  /** Reads whole files, so that they are in the page cache. */
  bringIntoCache(paths: readonly string[]): Promise<void>;
  /**
   * Bytes that the block device under a file or folder has read since boot (/sys/dev/block/M:m/stat); null where the file
   * system has none of its own.
   */
  deviceReadBytes(path: string): number | null;
}

/** How a loader's reads go about the page cache. */
export interface ReadPolicy {
  /** Bytes of one read call. */
  chunkBytes: number;
  /** What is announced is read by the kernel meanwhile. */
  readsAhead: boolean;
  /** The kernel reads nothing beyond what is asked for (POSIX_FADV_RANDOM). */
  exact: boolean;
  /** Nothing of a sample is in the cache before it is read. */
  dropsBefore: boolean;
  /** Nothing of a sample is left in the cache after it was read. */
  dropsAfter: boolean;
}

export interface NativeSampleReader {
  /** This file, or range of it, is read soon: a hint. */
  announce(path: string, start?: number, bytes?: number): void;
  /**
   * Reads a file whole, or a range of it, to `target` from `offset` on. Returns its bytes: where they are more than there
   * is room for, nothing was read. Throws an error with code BAD_INPUT or IO.
   */
  read(target: Uint8Array, offset: number, path: string, start?: number, bytes?: number): number;
}

export interface ImageEngine {
  /**
   * Makes of stored images what a network reads: float32 planes [3, height, width] of red, green and blue. Serves the
   * thread that asks for it, and keeps its memory from one image to the next.
   * @param options.levels [3, 256]: what each value of an 8-bit sample becomes
   */
  preparer(options: { width: number; height: number; levels: Float32Array }): NativeImagePreparer;
}

export interface NativeImagePreparer {
  /**
   * Writes the planes of a JPEG file to `target` from `offset` on. False where it is none, or of a kind that is not read
   * here (four components, arithmetic coding, lossless). Throws an error with code BAD_INPUT where it is damaged.
   */
  jpeg(bytes: Uint8Array, target: Float32Array, offset: number): boolean;
  /** The same from raw planes [3, height, width], each stored row by row or column by column. */
  planes(
    bytes: Uint8Array,
    options: { width: number; height: number; order: 'rows' | 'columns' },
    target: Float32Array,
    offset: number,
  ): void;
}

export interface GpuDevice {
  index: number;
  name: string;
  /** As nvidia-smi prints it: "GPU-...", of a slice "MIG-...". */
  uuid: string;
  pciBusId: string;
  /** "9.0" */
  computeCapability: string;
  /** 90 */
  capability: number;
  multiprocessors: number;
  memoryBytes: number;
  l2Bytes: number;
  sharedBytesPerMultiprocessor: number;
  /** The most that a block may ask for. */
  sharedBytesPerBlock: number;
  copyEngines: number;
  ecc: boolean;
  memoryBusBits: number;
  /** Highest SM clock; 0 where the driver gives none. */
  clockKHz: number;
  memoryClockKHz: number;
  /** Bandwidth from bus width and memory clock, bytes/s; 0 where the driver gives no clock. */
  theoreticalBytesPerSecond: number;
  /** PCI Express, where NVML tells; at rest it may run at a lower generation than under load. */
  link?: GpuLink | null;
  /** Divided into slices (MIG); null where NVML does not tell. */
  migMode?: boolean | null;
}

export interface GpuLink {
  generation: number | null;
  /** Lanes. */
  width: number | null;
  highestGeneration: number | null;
  highestWidth: number | null;
}

export interface GpuInventory {
  devices: GpuDevice[];
  /** Why there are no devices ("no CUDA device: ..."); null where there are some. */
  reason: string | null;
  /** "580.65.06"; empty where NVML does not tell. */
  driver?: string;
  /** Of CUDA that the driver has: 13000 for 13.0; 0 without a driver. */
  driverVersion: number;
  runtimeVersion: number;
}

/**
 * cold: one launch per sample, L2 flushed, the stream held back until the launch is queued; hot: a batch of launches back to
 * back; graph: the batch replayed as a CUDA graph; host: one launch by the host's clock, from the call to the end of the work.
 */
export type GpuMode = 'cold' | 'hot' | 'graph' | 'host';

/** A case of the suite. */
export interface GpuCase {
  name: string;
  group: string;
  /** What a launch does. */
  description: string;
  mode: GpuMode;
  /** fp64, fp32, tf32, fp16, bf16, int8; empty where it does not matter. */
  precision: string;
  /** What `stepsPerLaunch` counts, singular; empty where there are none. */
  stepName: string;
  /** Part of the quick suite. */
  quick: boolean;
}

/** What was measured of a case, the JSON text of `measure` parsed. Where nothing was sampled, only the first lines are there. */
export interface GpuMeasurement extends Omit<GpuCase, 'quick'> {
  status: 'ok' | 'failed' | 'skipped';
  /** A sentence where it is not ok. */
  reason: string;
  /** Of one launch; throttled samples are left out unless all are. */
  timeNs?: SampleSummary | null;
  /** 95 % bootstrap interval of the median. */
  medianIntervalNs?: [low: number, high: number] | null;
  /** All of them. */
  samplesNs?: number[] | null;
  launchesPerSample?: number | null;
  warmUpLaunches?: number | null;
  /** One per sample; null where it is unknown. */
  smClockHz?: (number | null)[] | null;
  /** Indices of samples that were flagged. */
  throttled?: number[] | null;
  allThrottled?: boolean | null;
  bytesPerLaunch?: number | null;
  operationsPerLaunch?: number | null;
  stepsPerLaunch?: number | null;
  /** 0 where there are none; so the next two. */
  bytesPerSecond?: number | null;
  operationsPerSecond?: number | null;
  nsPerStep?: number | null;
  /** Median time between two events with nothing in between. */
  emptyEventNs?: number | null;
  /** How far the output lay from the host's own. */
  answer?: { correct: boolean; error: number | null; tolerance: number } | null;
  stoppedBecause?: string | null;
  /** By NVML; null where it is not there. */
  sensors?: {
    powerW: number | null;
    /** What the board may draw. */
    powerLimitW: number | null;
    temperatureC: number | null;
    smClockMHz: number | null;
    memoryClockMHz: number | null;
    throttleReasons: string[];
  } | null;
  /** Of a user's kernel: its buffers after a launch. */
  outputs?: { argument: number; type: string; count: number; sum: number | null; nanCount: number; hash: string }[];
}

export interface GpuUserKernel {
  device: number;
  /** PTX, cubin or fatbin. */
  file: string;
  entry: string;
  /** "X,Y,Z"; what is left out is 1. So `block`. */
  grid: string;
  block: string;
  /** Dynamic shared memory of a block, bytes. */
  shared: string;
  /** As on the command line (`docs/gpu.md`). */
  arguments: string[];
  maximumMs: number;
  timeoutMs: number;
  /** Hot where nothing is given. */
  mode?: GpuMode | undefined;
}

export interface GpuEngine {
  inventory(): GpuInventory;
  /** The suite of a device. Throws with code MISSING_DEVICE where there is no such device; so the others. */
  cases(request: { device: number }): GpuCase[];
  /** Resolves with the JSON of a `GpuMeasurement`, of one that failed too. */
  measure(request: { device: number; case: string; maximumMs: number }): Promise<string>;
  /** Likewise; rejects with BAD_INPUT for a file, entry, geometry or argument that cannot be. */
  measureUserKernel(request: GpuUserKernel): Promise<string>;
}

/** Hyper-parameters under XGBoost's names (camel case). */
export interface BoosterParameters {
  /** exact: as XGBoost's exact method, to the digit; hist: at most `maxBin` candidates per column, and quick. */
  treeMethod: 'exact' | 'hist';
  loss: 'squared' | 'absolute' | 'quantile';
  /** The quantile of the quantile loss, in (0, 1). */
  quantileAlpha: number;
  /** For each column: 1 predictions rise with it, -1 they fall, 0 either; empty = no constraints. */
  monotoneConstraints: readonly number[];
  /** Rounds without a better error on the evaluation rows that end the fit; 0 = never. */
  earlyStoppingRounds: number;
  nEstimators: number;
  /** eta */
  learningRate: number;
  maxDepth: number;
  /** Share of rows drawn per tree, without replacement. */
  subsample: number;
  /** Share of columns drawn per tree. */
  colsampleBytree: number;
  /** L2 */
  regLambda: number;
  /** L1 */
  regAlpha: number;
  minChildWeight: number;
  /** Smallest loss reduction for a split. */
  gamma: number;
  maxBin: number;
  seed: number;
  threads: number;
}

/** All trees, one after the other, each breadth first from its root. */
export interface BoosterTrees {
  /** Nodes of each tree. */
  nodes: Uint32Array;
  /** Of each node, counted from its root; the right child follows the left one; -1: a leaf. */
  leftChild: Int32Array;
  column: Uint32Array;
  /** Values below it go left. */
  threshold: Float32Array;
  missingLeft: Uint8Array;
  /** Reduction of the loss by the split. */
  gain: Float32Array;
  /** What a leaf adds to a prediction, learning rate included; in other nodes what they would add as leaves. */
  weight: Float32Array;
  /** Training rows. */
  cover: Float32Array;
}

/** A fitted model. */
export interface NativeBooster {
  readonly columns: number;
  readonly trees: number;
  /** What every prediction starts from. */
  readonly baseScore: number;
  /** @param features [rows, columns] row-major, NaN = missing. Returns [rows], the same for any number of threads. */
  predict(features: Float32Array, rows: number, threads: number): Float32Array;
  /** Exact Shapley values of each prediction, the constant part last: [rows, columns + 1]. They sum to the prediction. */
  contributions(features: Float32Array, rows: number, threads: number): Float64Array;
  dump(): BoosterTrees;
}

export interface EvaluationRows {
  /** [rows, columns], row-major */
  features: Float32Array;
  rows: number;
  targets: Float32Array;
}

export interface BoostingEngine {
  /**
   * @param features [rows, columns] row-major, NaN = missing. The model is the same for any number of threads.
   * @param evaluation rows for early stopping and for the error in `onProgress`
   * @param onProgress called now and then with the trees grown and the error on the evaluation rows (NaN without them):
   * RMSE, mean absolute error or mean pinball loss, by the loss. If it returns false the fit ends and resolves to null.
   */
  train(
    features: Float32Array,
    rows: number,
    columns: number,
    targets: Float32Array,
    parameters: BoosterParameters,
    evaluation?: EvaluationRows | null,
    onProgress?: ((trees: number, evaluationError: number) => boolean | undefined) | null,
  ): Promise<NativeBooster | null>;
  /** A model from trees, as `dump` returns them. */
  load(columns: number, baseScore: number, trees: BoosterTrees): NativeBooster;
}

export interface FilesEngine {
  /**
   * Takes the exclusive lock of an open file, without waiting (flock); closing the file, or the end of this process, gives
   * it back. False where somebody else holds it. Throws IO where the file system has no locks.
   */
  lock(descriptor: number): boolean;
}

const candidates = (): string[] => {
  const chosen = process.env.ORION_BENCH_ADDON;
  if (chosen) return [chosen];
  return [
    path.join(packageRoot, 'build', 'Release', 'orion.node'),
    path.join(packageRoot, 'prebuilds', `${process.platform}-${process.arch}`, 'orion.node'),
  ];
};

/** The addon with the project's errors: InputError for bad arguments, MissingDeviceError for what is not there. */
function friendly(addon: NativeAddon): NativeAddon {
  const parts = Object.entries(addon).map(([name, part]: [string, object]) => [
    name,
    typeof part === 'function' ? part : translateErrors(part),
  ]);
  return Object.fromEntries(parts) as NativeAddon;
}

let loaded: NativeAddon | undefined;
let failure: string | undefined;

function load(): void {
  if (loaded || failure) return;
  const require = createRequire(import.meta.url);
  const problems: string[] = [];
  for (const file of candidates()) {
    if (!existsSync(file)) {
      problems.push(`${file} does not exist`);
      continue;
    }
    try {
      const addon = require(file) as NativeAddon;
      if (isMainThread) process.once('exit', () => addon.interrupt());
      loaded = friendly(addon);
      return;
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  failure = problems.join('; ');
}

/** The addon, or the reason why it cannot be loaded. */
export function nativeStatus(): { addon: NativeAddon; reason: null } | { addon: null; reason: string } {
  load();
  return loaded ? { addon: loaded, reason: null } : { addon: null, reason: failure! };
}

/** The addon. Throws MissingDeviceError (exit 3) with the remedy where it cannot be loaded. `purpose` starts the sentence. */
export function native(purpose: string): NativeAddon {
  const status = nativeStatus();
  if (status.addon) return status.addon;
  throw new MissingDeviceError(
    `${purpose} needs the native addon, which could not be loaded (${status.reason}): install cmake and a C++ compiler ` +
      "and run 'npm run build' in the package's folder, or name a built addon in ORION_BENCH_ADDON.",
    { code: 'MISSING_ENGINE' },
  );
}
