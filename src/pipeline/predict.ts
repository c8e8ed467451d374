import { readFileSync } from 'node:fs';
import type { Row } from '../base/columns.js';
import { InputError, messageOf } from '../base/errors.js';
import type { OnNote } from '../base/progress.js';
import { calibrate } from '../model/hybrid/calibrate.js';
import { caseOf } from '../model/hybrid/cases.js';
import { stepParts } from '../model/hybrid/device-model.js';
import type { HybridModel } from '../model/hybrid/model.js';
import { hybridFromJson } from '../model/hybrid/model-file.js';
import { type HybridPrediction, predictHybrid } from '../model/hybrid/predict.js';
import type { DeviceTerm } from '../physics/device-terms.js';
import { memoryNeededBytes } from '../physics/memory.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import { rowOnGpu, rowOnMeasuredGpu } from './case-row.js';
import type { MeasuredGpu } from './measured-gpu.js';
import { readPredictorRecords } from './predictor-rows.js';

/** One answer; times in ms. */
export interface PredictedCase {
  gpu_name: string;
  time_ms: number;
  /** Bounds of the 90 % interval; null where none is known. */
  low_ms: number | null;
  high_ms: number | null;
  samples_per_s: number;
  /** The device step, and preparing a batch by all workers, each by itself. */
  step_ms: number;
  loader_ms: number | null;
  /** What of the step each term of the physical estimate takes. */
  step_parts_ms: Partial<Record<DeviceTerm, number>>;
  /** What an iteration spends on a batch that is ready, beyond the longer of the two; 0 without a loader. */
  handover_ms: number;
  bottleneck: 'device' | 'loader';
  /** Whether rows of this GPU were fitted, and of this network. */
  gpu_fitted: boolean;
  network_fitted: boolean;
  memory_needed_bytes: number;
  memory_bytes: number;
  warnings: string[];
  /** Where the GPU was measured: what of that is taken, and what of its data sheet. */
  notes: string[];
}

/** Reads a predictor; with `calibrationFile`, calibrated to its measured rows. */
export async function readPredictor(
  modelFile: string,
  calibrationFile: string | undefined,
  onNote?: OnNote,
): Promise<HybridModel> {
  let text: string;
  try {
    text = readFileSync(modelFile, 'utf8');
  } catch (error) {
    throw new InputError(`--model ${modelFile} cannot be read (${messageOf(error)}): write one with 'fit'.`, {
      cause: error,
    });
  }
  const model = hybridFromJson(text, modelFile);
  if (calibrationFile === undefined) return model;
  const rows = await readPredictorRecords([calibrationFile], ['gpu_name', 'batch_size', 'avg_batch_time_ms'], {
    onNote,
  });
  return calibrate(model, rows);
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toPrecision(3)} GB`;

function answerOf(model: HybridModel, row: Row, prediction: HybridPrediction, notes: string[] = []): PredictedCase {
  const each = caseOf(row);
  const { workload, hardware } = each;
  const needed = memoryNeededBytes(workload);
  const tight = needed > hardware.memoryBytes;
  return {
    gpu_name: hardware.name,
    time_ms: prediction.ms,
    low_ms: prediction.lowMs,
    high_ms: prediction.highMs,
    samples_per_s: (1000 * workload.batchSize) / prediction.ms,
    step_ms: prediction.stepMs,
    loader_ms: prediction.loaderMs,
    step_parts_ms: stepParts(model.device, each, prediction.stepMs),
    handover_ms: prediction.handoverMs,
    bottleneck: prediction.bottleneck,
    gpu_fitted: prediction.seen,
    network_fitted: prediction.networkSeen,
    memory_needed_bytes: needed,
    memory_bytes: hardware.memoryBytes,
    warnings: [
      ...(tight ? [`about ${gigabytes(needed)} are needed, and there are ${gigabytes(hardware.memoryBytes)}`] : []),
      ...prediction.warnings,
    ],
    notes,
  };
}

/** Parameters, gradients and optimizer state: what no smaller batch makes smaller. */
function requireRoom(row: Row): void {
  const { workload, hardware } = caseOf(row);
  const fixed = workload.stateBytes + workload.parameterBytes;
  if (fixed <= hardware.memoryBytes) return;
  throw new InputError(
    `${row.model ?? 'The model'} does not fit ${hardware.name}: its parameters, gradients and optimizer state take ` +
      `${gigabytes(fixed)}, and there are ${gigabytes(hardware.memoryBytes)}; choose a larger card.`,
  );
}

/**
 * Predicts a workload on one GPU: of the catalogue, by its name, or measured. Throws InputError for an unknown GPU and for a
 * model that its memory cannot hold.
 */
export function predictCase(model: HybridModel, workloadRow: Row, gpu: string | MeasuredGpu): PredictedCase {
  const row = typeof gpu === 'string' ? rowOnGpu(workloadRow, gpu) : rowOnMeasuredGpu(workloadRow, gpu);
  requireRoom(row);
  return answerOf(model, row, predictHybrid(model, [row])[0]!, typeof gpu === 'string' ? [] : gpu.notes);
}

/** A card of the catalogue in a ranking. */
export interface RankedGpu extends PredictedCase {
  fits: boolean;
  price_per_hour: number | null;
  /** Price of one pass over the data set. */
  cost_per_epoch: number | null;
}

export interface RankingOptions {
  /** Price per hour by GPU name. */
  prices?: ReadonlyMap<string, number>;
  samplesPerEpoch: number;
  /** Cards that were measured; each takes the place of that of the catalogue. */
  measured?: readonly MeasuredGpu[];
}

/** Predicts a workload on every card of the catalogue and on those that were measured: those that hold it first, each kind by time. */
export function rankGpus(model: HybridModel, workloadRow: Row, options: RankingOptions): RankedGpu[] {
  const catalogue = readCatalogue();
  const { measured = [] } = options;
  const others = catalogue.filter(({ name }) => !measured.some((gpu) => findCard(catalogue, gpu.name)?.name === name));
  const rows = [
    ...measured.map((gpu) => rowOnMeasuredGpu(workloadRow, gpu)),
    ...others.map(({ name }) => rowOnGpu(workloadRow, name, catalogue)),
  ];
  const ranked = predictHybrid(model, rows).map((prediction, i): RankedGpu => {
    const answer = answerOf(model, rows[i]!, prediction, measured[i]?.notes);
    const price = options.prices?.get(answer.gpu_name) ?? null;
    const hours = options.samplesPerEpoch / answer.samples_per_s / 3600;
    return {
      ...answer,
      fits: answer.memory_needed_bytes <= answer.memory_bytes,
      price_per_hour: price,
      cost_per_epoch: price === null ? null : price * hours,
    };
  });
  return ranked.sort((a, b) => Number(b.fits) - Number(a.fits) || a.time_ms - b.time_ms);
}
