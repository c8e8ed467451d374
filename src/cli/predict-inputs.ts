import { InputError } from '../base/errors.js';
import type { OnNote } from '../base/progress.js';
import type { MeasuredGpu } from '../pipeline/measured-gpu.js';

/** Which GPU and host `predict` is asked about. */
export interface PredictInputs {
  gpu?: string;
  gpuFile?: string;
  allGpus: boolean;
  workers?: number;
  decodeRate?: number;
  readMbps?: number;
  host?: string;
  storageFile?: string;
}

/** A name of the catalogue, or a GPU that was measured; null for all of them. */
export async function chosenGpu({ gpu, gpuFile, allGpus }: PredictInputs): Promise<string | MeasuredGpu | null> {
  if (allGpus ? gpu !== undefined : (gpu ?? gpuFile) === undefined) {
    throw new InputError('Give either --gpu NAME or --all-gpus.');
  }
  if (allGpus) return null;
  const isFile = gpu?.toLowerCase().endsWith('.json') ?? false;
  if (isFile && gpuFile !== undefined) throw new InputError('--gpu and --gpu-file both name a file: leave one out.');
  const file = gpuFile ?? (isFile ? gpu : undefined);
  if (file === undefined) return gpu!;
  const { readMeasuredGpu } = await import('../pipeline/measured-gpu.js');
  return readMeasuredGpu(file, isFile ? undefined : gpu);
}

/** The options with the rates that files of the host have; what is taken from there is told. */
export async function withHostFiles<Options extends PredictInputs>(options: Options, onNote: OnNote): Promise<Options> {
  const { host, storageFile, decodeRate, readMbps } = options;
  if (host !== undefined && decodeRate !== undefined) throw new InputError('Give either --host or --decode-rate.');
  if (storageFile !== undefined && readMbps !== undefined) {
    throw new InputError('Give either --storage-file or --read-mbps.');
  }
  if (host === undefined && storageFile === undefined) return options;
  if (options.workers === undefined) {
    throw new InputError(
      `${host === undefined ? '--storage-file' : '--host'} is for the loader: give --workers N too.`,
    );
  }
  const { decodeRateOf, readRateOf } = await import('../pipeline/host-files.js');
  const decode = host === undefined ? null : decodeRateOf(host);
  const read = storageFile === undefined ? null : readRateOf(storageFile);
  for (const found of [decode, read]) if (found) onNote(found.note);
  return { ...options, ...(decode && { decodeRate: decode.rate }), ...(read && { readMbps: read.rate }) };
}
