import { requireChoice, requireCount } from '../../base/checks.js';
import { families } from '../../base/columns.js';
import { InputError } from '../../base/errors.js';
import { datasetNames, optimizers, phaseChoices, sweptModels, trialOrders } from '../../pipeline/choices.js';
import type { EmulationOptions } from '../../pipeline/emulation.js';
import type { TrialOverrides } from '../../pipeline/generate.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import { type PresetName, presetNames } from '../../pipeline/presets.js';
import { type Command, type CommonOptions, dataRootOption } from '../command.js';
import { exitInterrupted, interruption } from '../interruption.js';
import { choice, number, text, whole } from '../option-kinds.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  family: string;
  preset: string;
  models?: string[];
  datasets?: string[];
  batchSizes?: string[];
  lrs?: string[];
  optimizers?: string[];
  precisions?: string[];
  workers?: string[];
  storage?: string[];
  embedDims?: string[];
  depth?: number;
  vocabSize?: number;
  seqLenTxt?: number;
  seqLenWmt?: number;
  seqLenCnndmSrc?: number;
  seqLenCnndmTgt?: number;
  vcpuCap?: number;
  warmup?: number;
  measure?: number;
  device?: string;
  dataRoot: string;
  seed: number;
  resume: boolean;
  limit?: number;
  protocol: string;
  order: string;
  phases?: string;
  emulate?: string;
  emulateMs?: number;
  emulateFrom?: string;
}

const list = (describe: string) => ({ type: 'string', array: true, describe }) as const;

export const generateCommand: Command<Options> = {
  usage: 'generate <family>',
  summary: 'measure training iterations with a real input pipeline and write benchmark records',
  positionals: { family: { type: 'string', demandOption: true, describe: families.join(', ') } },
  options: {
    preset: {
      type: 'string',
      default: 'full',
      requiresArg: true,
      describe: "values of what is not given: the paper's grid (full) or a taste of about a minute (quick)",
    },
    models: list(`networks of the family, of ${sweptModels.join(', ')}`),
    datasets: list(`data sets of these networks, of ${datasetNames.join(', ')}`),
    'batch-sizes': list('samples per iteration'),
    lrs: list('learning rates'),
    optimizers: list(optimizers.join(', ')),
    precisions: list('32; 16 is measured on CUDA, and recorded as skipped elsewhere'),
    workers: list('loader workers; more than the CPUs in use are clamped'),
    storage: list(
      'NVME (ordinary reads), SSD (uncached, in 256 KiB chunks), cold (page cache dropped), cached (all in the page cache)',
    ),
    'embed-dims': list('MLP: embedding widths'),
    depth: number('MLP: blocks'),
    'vocab-size': number('Transformer: largest vocabulary'),
    'seq-len-txt': number('Transformer: tokens of a text (SST2, IMDB)'),
    'seq-len-wmt': number('Transformer: tokens of source and target (WMT14)'),
    'seq-len-cnndm-src': number('Transformer: tokens of an article (CNNDM)'),
    'seq-len-cnndm-tgt': number('Transformer: tokens of a summary (CNNDM)'),
    'vcpu-cap': number('CPUs that the process, its workers and ONNX Runtime may use'),
    warmup: number('iterations before the window; default: until the trial is steady'),
    measure: number('iterations in the window; default: until its mean is known to 2 %, or it is long enough'),
    device: {
      type: 'string',
      requiresArg: true,
      describe: 'cpu, cuda[:N] or webgpu; default: CUDA where it works, else cpu',
    },
    'data-root': dataRootOption,
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'of weights, shuffle and order' },
    resume: {
      type: 'boolean',
      default: false,
      describe: 'keep the trials that are in the journal: go on, or add to them',
    },
    limit: number('the first so many trials of the order, kept ones included'),
    order: {
      type: 'string',
      default: 'interleaved',
      requiresArg: true,
      describe: 'interleaved: by the seed, networks taking turns, so that drift favours none; or listed',
    },
    protocol: {
      type: 'string',
      default: 'steady',
      requiresArg: true,
      describe: "steady, or orion for the original's fixed 5 + 20 iterations",
    },
    phases: text(
      'compute, preparation and fetch on their own too: all or none; default: all, with protocol orion none',
    ),
    emulate: text('GPU that is not here: its steps are waits as long as --emulate-from says'),
    'emulate-from': text('records file with that GPU'),
    'emulate-ms': number('an accelerator whose steps take so many ms'),
  },
  groups: {
    'What is swept (every combination is a trial; options with a list take several values):': [
      'preset',
      'models',
      'datasets',
      'batch-sizes',
      'lrs',
      'optimizers',
      'precisions',
      'workers',
      'storage',
      'embed-dims',
      'depth',
      'vocab-size',
      'seq-len-txt',
      'seq-len-wmt',
      'seq-len-cnndm-src',
      'seq-len-cnndm-tgt',
    ],
    'How a trial is measured:': [
      'device',
      'data-root',
      'vcpu-cap',
      'protocol',
      'warmup',
      'measure',
      'phases',
      'emulate',
      'emulate-from',
      'emulate-ms',
    ],
    'The sweep:': ['order', 'seed', 'limit', 'resume'],
  },
  examples: [
    ['generate cnn --preset quick', 'a taste of the family'],
    ['generate cnn --models resnet50 --batch-sizes 32 64 --workers 4 8', 'a sweep of your own'],
    ['generate mlp --limit 100', 'a part of the grid that holds a like share of each network'],
    ['generate mlp --resume', 'and all the rest'],
  ],
  epilogue:
    'Under --out, FAMILY_DEVICE.csv and trials.jsonl (the journal: the same with raw samples) have every trial as soon as it ' +
    'ends; after an interruption, a full disk or a crash the same command with --resume goes on. SIGINT and SIGTERM end ' +
    'after the trial that runs, a second one ends at once. Exit: 0 done, 2 wrong input or a file that cannot be written, 3 ' +
    'the device is missing, 4 some trials failed (they are in the records), 130 interrupted.',
  run: async (options, console) => {
    const out = new OutputFolder(options.out);
    const { generate } = await import('../../pipeline/generate.js');
    const summary = await generate(out, {
      family: requireChoice(options.family, families, 'FAMILY'),
      preset: requireChoice(options.preset, presetNames, '--preset') as PresetName,
      overrides: overridesOf(options),
      dataRoot: options.dataRoot,
      device: options.device,
      cpuCap: whole(options.vcpuCap, '--vcpu-cap'),
      warmup: options.warmup === undefined ? undefined : requireCount(options.warmup, '--warmup'),
      measure: whole(options.measure, '--measure'),
      protocol: requireChoice(options.protocol, ['steady', 'orion'] as const, '--protocol'),
      phases: choice(options.phases, phaseChoices, '--phases'),
      emulate: emulationOptions(options),
      seed: requireCount(options.seed, '--seed'),
      resume: options.resume,
      signal: interruption((signal) =>
        console.note(`${signal}: ending after the current trial; once more ends at once.`),
      ),
      onProgress: console.progress,
      onNote: console.note,
    });
    const rows = summary.rows.map((row) => [
      String(row.model),
      String(row.dataset),
      Number(row.batch_size),
      Number(row.vcpu),
      String(row.storage),
      ...['avg_batch_time_ms', 'T_gpu_ms', 'T_cpu_io_ms'].map((time) => timeCell(row[time])),
      row.status === 'ok' ? String(row.bottleneck) : `${row.status}: ${row.reason}`,
    ]);
    const headers = [
      'model',
      'data set',
      'batch',
      'workers',
      'storage',
      'iteration (ms)',
      'compute',
      'wait',
      'bottleneck',
    ];
    const { ok, failed, skipped, resumed } = summary.counts;
    const counts = `${ok} trials measured, ${failed} failed, ${skipped} skipped, ${resumed} kept from earlier: ${summary.file}`;
    console.result(summary, `${formatTable(headers, rows)}\n${counts}`);
    if (summary.interrupted) return exitInterrupted;
    return failed > 0 ? 4 : 0;
  },
};

function emulationOptions({ emulate, emulateMs, emulateFrom, device }: Options): EmulationOptions | undefined {
  if (emulate === undefined && emulateMs === undefined && emulateFrom === undefined) return undefined;
  if (device !== undefined) throw new InputError('Give either --device or an accelerator to emulate, not both.');
  if (emulateMs !== undefined) {
    if (emulate === undefined && emulateFrom === undefined) return { stepMs: emulateMs };
    throw new InputError('Give either --emulate with --emulate-from, or --emulate-ms, not both.');
  }
  if (emulate !== undefined && emulateFrom !== undefined) return { gpu: emulate, recordsFile: emulateFrom };
  throw new InputError(
    '--emulate GPU and --emulate-from FILE, records of that GPU, go together; --emulate-ms needs neither.',
  );
}

const timeCell = (ms: unknown): number | '' => (typeof ms === 'number' ? significant(ms) : '');

function overridesOf(options: Options): TrialOverrides {
  const overrides: TrialOverrides = {};
  const set = <Key extends keyof TrialOverrides>(key: Key, value: TrialOverrides[Key] | undefined) => {
    if (value !== undefined) overrides[key] = value;
  };
  set('models', split(options.models));
  set('datasets', split(options.datasets));
  set('batchSizes', numbers(options.batchSizes, '--batch-sizes'));
  set('learningRates', numbers(options.lrs, '--lrs'));
  set('optimizers', choices(options.optimizers, optimizers, '--optimizers'));
  set(
    'precisions',
    choices(options.precisions, ['16', '32'] as const, '--precisions')?.map((bits) => (bits === '16' ? 16 : 32)),
  );
  set('workers', numbers(options.workers, '--workers'));
  set('storageModes', choices(options.storage, ['NVME', 'SSD', 'cold', 'cached'] as const, '--storage'));
  set('embedDims', numbers(options.embedDims, '--embed-dims'));
  set('depth', whole(options.depth, '--depth'));
  set('maximumVocabulary', whole(options.vocabSize, '--vocab-size'));
  set('sequenceLength', whole(options.seqLenTxt, '--seq-len-txt'));
  set('translationLength', whole(options.seqLenWmt, '--seq-len-wmt'));
  set('articleLength', whole(options.seqLenCnndmSrc, '--seq-len-cnndm-src'));
  set('summaryLength', whole(options.seqLenCnndmTgt, '--seq-len-cnndm-tgt'));
  set('limit', whole(options.limit, '--limit'));
  set('order', requireChoice(options.order, trialOrders, '--order'));
  return overrides;
}

/** `a,b` and `a b` are the same. */
function split(values: string[] | undefined): string[] | undefined {
  return values?.flatMap((value) => value.split(',')).filter(Boolean);
}

function choices<T extends string>(values: string[] | undefined, known: readonly T[], option: string): T[] | undefined {
  return split(values)?.map((value) => requireChoice(value, known, option));
}

function numbers(values: string[] | undefined, option: string): number[] | undefined {
  return split(values)?.map((text) => {
    const value = Number(text);
    if (!(value > 0)) throw new InputError(`${option} takes positive numbers, not '${text}'.`);
    return value;
  });
}
