import { InputError } from '../../base/errors.js';
import type { CaseOptions } from '../../pipeline/case-row.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { PredictedCase, RankedGpu } from '../../pipeline/predict.js';
import type { Command, CommonOptions } from '../command.js';
import type { Console } from '../console.js';
import { number, positive, text, whole } from '../option-kinds.js';
import { chosenGpu, type PredictInputs, withHostFiles } from '../predict-inputs.js';
import { type SizeOptions, sizeOptions, sizesOf } from '../size-options.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions, PredictInputs, SizeOptions {
  network?: string;
  onnx?: string;
  shape?: string[];
  model: string;
  csv?: string[];
  price?: string;
  calibrate?: string;
  epochSamples?: number;
  storage?: string;
  vcpuCap?: number;
  set?: string[];
}

const workloadOptions = {
  onnx: text('forward ONNX file, in place of one of our networks'),
  shape: { ...text('what the file leaves open: --shape input=32,3,224,224'), array: true },
  ...sizeOptions('iteration'),
  set: { ...text('any column of a record: --set depth=50 "TDP (W)=300"'), array: true },
} as const;

const gpuOptions = {
  gpu: text('name of the GPU, as in the catalogue, or gpu.json of one that was measured'),
  'gpu-file': text('gpu.json of a machine whose GPUs were measured; --gpu names one of several'),
  'all-gpus': {
    type: 'boolean',
    default: false,
    describe: 'rank every GPU of the catalogue, and those of --gpu-file',
  },
  price: text('CSV with columns gpu_name and price_per_hour: cost per epoch in the ranking'),
  'epoch-samples': number('samples of an epoch; default: those of the data set as published'),
} as const;

const hostOptions = {
  workers: number('loader workers; without them the loader is left out'),
  storage: text('NVME, SSD, cold or cached'),
  'vcpu-cap': number('CPUs that workers may use'),
  'decode-rate': number('samples per second that one worker decodes'),
  'read-mbps': number('10^6 bytes per second that storage gives in random reads of samples'),
  host: text('host.json of the machine: its decode rate'),
  'storage-file': text('storage.json of the machine: its read rate'),
} as const;

export const predictCommand: Command<Options> = {
  usage: 'predict [network]',
  summary: 'iteration time of a network on a GPU that is not here, by a predictor that fit wrote',
  positionals: {
    network: { type: 'string', describe: 'name of a network; or give --onnx or --csv' },
  },
  options: {
    model: { ...text('predictor, as fit writes it'), demandOption: true },
    ...gpuOptions,
    csv: { ...text('records to predict; predictions.csv goes to --out'), array: true },
    calibrate: text('CSV with a handful of measured records of the GPU in question'),
    ...workloadOptions,
    ...hostOptions,
  },
  groups: {
    'The workload (defaults: those of the network):': Object.keys(workloadOptions),
    'The host:': Object.keys(hostOptions),
  },
  examples: [
    ['predict resnet50 --model cnn.json --gpu "NVIDIA L4" --batch-size 64', 'one case'],
    ['predict ViT --model vit.json --all-gpus --price prices.csv', 'which card to rent'],
    ['predict --onnx net.onnx --model cnn.json --gpu "NVIDIA L4"', 'a network of your own'],
    [
      'predict resnet50 --model cnn.json --gpu orion-results/gpu.json',
      'a GPU that was measured, in the catalogue or not',
    ],
    ['predict --model cnn.json --csv CNN_CPU.csv', 'beside what was measured'],
  ],
  run: async (options, console) => {
    const predict = await import('../../pipeline/predict.js');
    const model = await predict.readPredictor(options.model, options.calibrate, console.note);
    if (options.csv) {
      if (options.network !== undefined) throw new InputError('Give either a network or --csv, not both.');
      requireNothingElse(options);
      const { predictFiles } = await import('../../pipeline/predict-files.js');
      const summary = await predictFiles(new OutputFolder(options.out), model, options.csv);
      console.result(summary, `${summary.rows} predictions in ${summary.file}`);
      return 0;
    }
    const network = chosenNetwork(options);
    const gpu = await chosenGpu(options);
    const { workloadRow } = await import('../../pipeline/case-row.js');
    const row = workloadRow(caseOptions(network, await withHostFiles(options, console.note)));
    if (gpu !== null) return showCase(predict.predictCase(model, row, gpu), console);
    const { readPrices, samplesOfEpoch } = await import('../../pipeline/epoch-cost.js');
    const prices = options.price === undefined ? undefined : await readPrices(options.price);
    const samplesPerEpoch = whole(options.epochSamples, '--epoch-samples') ?? samplesOfEpoch(row);
    const { readMeasuredGpus } = await import('../../pipeline/measured-gpu.js');
    const measured = options.gpuFile === undefined ? [] : readMeasuredGpus(options.gpuFile);
    const ranking = predict.rankGpus(model, row, { samplesPerEpoch, measured, ...(prices && { prices }) });
    return showRanking(ranking, console);
  },
};

/** Records say themselves what is to be predicted: what else is given would be passed over. */
function requireNothingElse(options: Options): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  for (const name of Object.keys({ ...gpuOptions, ...workloadOptions, ...hostOptions })) {
    if ((given[camelCase(name)] ?? false) === false) continue;
    throw new InputError(`With --csv the records say what is predicted, and where: leave out --${name}.`);
  }
}

function chosenNetwork({ network, onnx, shape }: Options): CaseOptions['network'] {
  if (network !== undefined && onnx !== undefined) throw new InputError('Give either a network or --onnx, not both.');
  if (onnx !== undefined) return { file: onnx, shapes: shape ?? [] };
  if (network === undefined)
    throw new InputError('Name a network to predict, or give --onnx FILE, or records with --csv.');
  if (shape) throw new InputError('--shape is for ONNX files: leave it out, or give --onnx FILE.');
  return network;
}

function caseOptions(network: CaseOptions['network'], options: Options) {
  return {
    network,
    sizes: sizesOf(options),
    host: {
      workers: whole(options.workers, '--workers'),
      storage: options.storage,
      cpuCap: whole(options.vcpuCap, '--vcpu-cap'),
      decodePerSecond: positive(options.decodeRate, '--decode-rate'),
      readMBps: positive(options.readMbps, '--read-mbps'),
    },
    columns: options.set ?? [],
  };
}

const ms = (value: number): string => `${significant(value)} ms`;
const gigabytes = (bytes: number): string => `${significant(bytes / 1e9, 3)} GB`;

const partNames: Readonly<Record<keyof PredictedCase['step_parts_ms'], string>> = {
  roofline: 'arithmetic and memory',
  vector: 'element-wise arithmetic',
  matrix: 'matrix products',
  convolution: 'convolutions',
  pointwise: 'element-wise operations',
  undivided: 'element-wise arithmetic',
  refill: 'operands fetched again',
  launch: 'launches',
  idle: 'idle multiprocessors',
  iteration: 'fixed',
  update: 'optimizer',
};

function showParts({ step_parts_ms: parts }: PredictedCase): string {
  const entries = Object.entries(parts) as [keyof typeof parts, number][];
  return entries.map(([term, value]) => `${partNames[term]} ${ms(value)}`).join(', ');
}

function showCase(answer: PredictedCase, console: Console): number {
  const loader = answer.loader_ms === null ? 'not modelled' : ms(answer.loader_ms);
  const handover = answer.handover_ms > 0 ? `handing one over ${ms(answer.handover_ms)}, ` : '';
  const interval =
    answer.low_ms === null || answer.high_ms === null
      ? 'no interval is known'
      : `90 %: ${ms(answer.low_ms)} to ${ms(answer.high_ms)}`;
  console.result(
    answer,
    [
      `${answer.gpu_name}: ${ms(answer.time_ms)} per iteration (${interval}), ` +
        `${significant(answer.samples_per_s)} samples/s`,
      `device step ${ms(answer.step_ms)}, preparing a batch ${loader}, ${handover}bottleneck: ${answer.bottleneck}`,
      `of the step: ${showParts(answer)}`,
      `memory: about ${gigabytes(answer.memory_needed_bytes)} of ${gigabytes(answer.memory_bytes)}`,
      ...(answer.gpu_fitted ? [] : ['no record of this GPU was fitted']),
      ...(answer.network_fitted ? [] : ['no record of this network was fitted']),
      ...answer.notes,
      ...answer.warnings.map((warning) => `warning: ${warning}`),
    ].join('\n'),
  );
  return 0;
}

function showRanking(ranking: readonly RankedGpu[], console: Console): number {
  const priced = ranking.some((each) => each.cost_per_epoch !== null);
  const rows = ranking.map((each) => [
    each.gpu_name,
    significant(each.time_ms),
    each.low_ms === null ? '' : significant(each.low_ms),
    each.high_ms === null ? '' : significant(each.high_ms),
    significant(each.samples_per_s),
    each.fits ? 'yes' : 'no',
    each.gpu_fitted ? 'yes' : 'no',
    ...(priced ? [each.cost_per_epoch === null ? '' : significant(each.cost_per_epoch)] : []),
  ]);
  const headers = ['GPU', 'ms', 'from', 'to', 'samples/s', 'fits', 'fitted', ...(priced ? ['cost per epoch'] : [])];
  console.result({ ranking }, formatTable(headers, rows));
  return 0;
}
