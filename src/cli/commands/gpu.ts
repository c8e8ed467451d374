import { InputError } from '../../base/errors.js';
import type { GpuMeasurement } from '../../base/native.js';
import type { OnProgress } from '../../base/progress.js';
import { formatRate } from '../../base/units.js';
import { type GpuReport, gpu, gpuKernel, hasFailed, importGpu, suiteNames, whyUnusable } from '../../pipeline/gpu.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import type { Command, CommonOptions } from '../command.js';
import { type KernelOptions, kernelOf, kernelOptions } from '../kernel-options.js';
import { choice, msOf, number, text } from '../option-kinds.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions, KernelOptions {
  device: string;
  suite?: string;
  time: number;
  case?: string[];
  import?: string;
}

const defaultSeconds = 10;

export const gpuCommand: Command<Options> = {
  usage: 'gpu',
  summary: 'time CUDA kernels on a GPU and check their answers, or a kernel of your own',
  options: {
    device: {
      ...text('CUDA device number as CUDA_VISIBLE_DEVICES leaves them, or all, one after the other'),
      default: '0',
    },
    suite: text(`${suiteNames.join(' or ')} (default quick)`),
    time: {
      ...number('limit for one case, seconds; most end earlier, when their noise is small'),
      default: defaultSeconds,
    },
    case: { ...text('these cases only, of whichever suite'), array: true },
    import: text('what the plain executable orion-gpu printed on another machine, in place of measuring'),
    ...kernelOptions,
  },
  groups: { 'A kernel of your own:': Object.keys(kernelOptions) },
  examples: [
    ['gpu --device all --suite full', 'everything, on every GPU of the node'],
    ['gpu --case copy matrix-fp16', 'two cases'],
    [
      'gpu --kernel saxpy.ptx --entry saxpy --grid 4096 --block 256 --arg f32:2 buffer:f32:1Mi buffer:f32:1Mi',
      'a kernel of your own',
    ],
  ],
  epilogue:
    'Exit code 4: a case failed or gave a wrong answer; the others are measured, and gpu.csv says why. docs/gpu.md explains ' +
    'the cases, the timing, and how arguments of a kernel are written.',
  run: async (options, console) => {
    const report = await measure(options, console.progress);
    const out = new OutputFolder(options.out, true);
    console.result(out.readJson<object>('gpu.json')!, textOf(report));
    return report.gpus.some(({ measurements }) => measurements.some(hasFailed)) ? 4 : 0;
  },
};

async function measure(options: Options, onProgress: OnProgress): Promise<GpuReport> {
  const kernel = kernelOf(options);
  const suite = choice(options.suite, suiteNames, '--suite');
  const device = deviceOf(options.device);
  const maximumMs = msOf(options.time, '--time');
  requireOneTask(options);
  const out = () => new OutputFolder(options.out);
  if (options.import !== undefined) return importGpu(out(), options.import);
  if (!kernel) {
    const cases = options.case && { cases: options.case };
    return gpu(out(), { device, choice: cases ?? suite ?? 'quick', maximumMs, onProgress });
  }
  if (device === 'all') throw new InputError('--kernel runs on one device: give --device N.');
  return gpuKernel(out(), { ...kernel, device, maximumMs });
}

function requireOneTask({ suite, case: cases, import: imported, kernel }: Options): void {
  const given = Object.entries({ '--suite': suite, '--case': cases, '--kernel': kernel, '--import': imported })
    .filter(([, value]) => value !== undefined)
    .map(([option]) => option);
  if (given.length > 1) throw new InputError(`Give one of ${given.join(' and ')}, not both.`);
}

function deviceOf(device: string): number | 'all' {
  if (device.toLowerCase() === 'all') return 'all';
  if (/^\d{1,6}$/.test(device)) return Number(device);
  throw new InputError(`--device takes a CUDA device number from 0 on, or all, not '${device}'.`);
}

function textOf({ gpus }: GpuReport): string {
  return gpus
    .map(({ device, measurements }) => {
      const rows = measurements.map(rowOf);
      const table = formatTable(['case', 'median', 'memory', 'arithmetic', 'step', 'answer'], rows);
      const buffers = measurements.flatMap(({ outputs = [] }) => outputs.map(bufferLine));
      return [`${device.name} (${device.uuid})`, table, ...buffers].join('\n');
    })
    .join('\n\n');
}

type Buffer = NonNullable<GpuMeasurement['outputs']>[number];

/** What a kernel of the user's left in a buffer. */
function bufferLine({ argument, type, count, sum, nanCount, hash }: Buffer): string {
  const nan = nanCount > 0 ? `, ${nanCount} NaN` : '';
  return `argument ${argument + 1}: ${type} x ${count}, sum ${sum ?? 'not finite'}${nan}, hash ${hash}`;
}

function rowOf(m: GpuMeasurement): string[] {
  const problem = whyUnusable(m);
  return [
    m.name,
    m.timeNs ? `${significant(m.timeNs.median / 1000)} us` : '',
    m.bytesPerSecond ? formatRate(m.bytesPerSecond) : '',
    m.operationsPerSecond ? formatOperations(m.operationsPerSecond, m.precision) : '',
    m.nsPerStep ? `${significant(m.nsPerStep)} ns` : '',
    problem ?? (m.outputs ? 'not checked' : m.allThrottled ? 'right, throttled' : 'right'),
  ];
}

function formatOperations(perSecond: number, precision: string): string {
  const unit = precision.startsWith('int') ? 'OP/s' : 'FLOP/s';
  return perSecond < 1e12 ? `${significant(perSecond / 1e9)} G${unit}` : `${significant(perSecond / 1e12)} T${unit}`;
}
