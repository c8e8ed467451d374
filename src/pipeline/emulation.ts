import { requirePositive } from '../base/checks.js';
import type { Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { median } from '../base/statistics.js';
import type { TrialDevice } from '../measure/trial/settings.js';
import { identified, type Trial, type TrialConfig } from '../measure/trial/trial.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import { readRecords } from '../records/read.js';

/** An accelerator that is not there: its step takes `stepMs`, or what records of `gpu` say. */
export type EmulationOptions = { stepMs: number } | { gpu: string; recordsFile: string };

export interface Emulation {
  device: TrialDevice;
  /** The trials with the length of their steps. Throws InputError where one is not known. */
  emulated(trials: readonly Trial[]): Trial[];
}

/** Begins the name of an accelerator that is given by its step alone: no GPU's name does. */
const anonymous = 'emulated-';

const device = (name: string): TrialDevice => ({
  // Nothing runs; a GPU's sweep has both precisions.
  provider: name === 'CPU' || name.startsWith(anonymous) ? 'cpu' : 'cuda',
  deviceId: 0,
  name,
  uuid: null,
  driver: null,
  emulated: true,
});

/** @throws InputError where the records do not know the GPU */
export async function emulationOf(options: EmulationOptions): Promise<Emulation> {
  if ('stepMs' in options) {
    const stepMs = requirePositive(options.stepMs, '--emulate-ms');
    return {
      device: device(`${anonymous}${stepMs}ms`),
      emulated: (trials) => trials.map((trial) => withStep(trial, stepMs)),
    };
  }
  const { gpu, recordsFile } = options;
  const { rows } = await readRecords([recordsFile], { required: needed });
  const name = deviceNamed(gpu, [...new Set(rows.map((row) => String(row.gpu_name)))], recordsFile);
  const ofGpu = rows.filter((row) => row.gpu_name === name);
  return {
    device: device(name),
    emulated: (trials) =>
      trials.map((trial) => {
        const steps = ofGpu.filter((row) => isSameStep(row, trial)).map((row) => Number(row.T_gpu_ms));
        if (steps.length === 0) {
          throw new InputError(
            `--emulate ${gpu}: ${recordsFile} has no record of ${name} with ${describeStep(trial)}; leave that out, or measure it there.`,
          );
        }
        return withStep(trial, median(steps));
      }),
  };
}

function withStep({ id: _ofTheRealOne, ...config }: Trial, emulatedStepMs: number): Trial {
  return identified({ ...config, emulatedStepMs });
}

/**
 * The device of the records that is meant: of that very name, else another name of the same card, else the only one whose
 * name contains it.
 */
function deviceNamed(gpu: string, recorded: readonly string[], recordsFile: string): string {
  const catalogue = readCatalogue();
  const card = findCard(catalogue, gpu);
  const ways: ((name: string) => boolean)[] = [
    (name) => name.toLowerCase() === gpu.toLowerCase(),
    (name) => card !== undefined && findCard(catalogue, name) === card,
    (name) => name.toLowerCase().includes(gpu.toLowerCase()),
  ];
  for (const isMeant of ways) {
    const found = recorded.filter(isMeant);
    if (found.length === 1) return found[0]!;
  }
  throw new InputError(`--emulate ${gpu}: name one of the devices that ${recordsFile} has: ${recorded.join(', ')}.`);
}

/** What the time of a step depends on, column by column; where a trial or a file has no value the others decide. */
const stepColumns = {
  model: ({ model }) => model,
  batch_size: ({ batchSize }) => batchSize,
  precision: ({ precision }) => precision,
  optimizer: ({ optimizer }) => optimizer,
  dataset: ({ dataset }) => dataset,
  embed_dim: ({ embedDim }) => embedDim,
  depth: ({ depth }) => depth,
  src_len: ({ sequenceLength }) => sequenceLength,
  tgt_len: ({ targetLength }) => targetLength,
} satisfies Record<string, (trial: TrialConfig) => string | number | null>;

const needed = ['gpu_name', 'model', 'batch_size', 'precision', 'optimizer', 'T_gpu_ms'];

function isSameStep(row: Row, trial: Trial): boolean {
  return Object.entries(stepColumns).every(([column, of]) => {
    const [recorded, wanted] = [row[column] ?? null, of(trial)];
    return recorded === null || wanted === null || recorded === wanted;
  });
}

function describeStep(trial: Trial): string {
  return Object.entries(stepColumns)
    .map(([column, of]) => [column, of(trial)] as const)
    .filter(([, value]) => value !== null)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ');
}
