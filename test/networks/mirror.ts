import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '#src/base/package.js';
import { ResidentPython } from '../support/resident-python.js';

export interface MirrorJob {
  task: 'gradients' | 'steps' | 'logits' | 'traffic';
  network: string;
  [option: string]: unknown;
}

export type MirrorType = 'float64' | 'float32';

export interface MirrorData {
  parameters: readonly Float32Array[];
  inputs: Float32Array | BigInt64Array;
  inputSpec: { readonly dims: readonly number[] };
  labels: BigInt64Array;
  labelSpec: { readonly dims: readonly number[] };
  /** Logits only: running mean and variance of each batch norm, in order. */
  statistics?: readonly Float32Array[];
}

export interface MirrorResult {
  /** Of each step. */
  losses: number[];
  /** Steps in float64 only: 1 for each value of a parameter whose gradient is zero by construction in some step. */
  zeroGradients?: Uint8Array;
  /** Steps in float64 only: the largest of the values' smallest absolute gradients in any step. */
  largestSmallestGradient?: number;
  /** Traffic only: bytes of the operations of a forward pass, by their name in PyTorch. */
  traffic?: Record<string, number>;
  /** All parameters' gradients or final values, in order; or the logits; of the type that it computes in. */
  values: Float32Array | Float64Array;
}

const script = path.join(packageRoot, 'test/networks/torch/mirror.py');

let resident: ResidentPython | null = null;

/** One process for a test file: to import PyTorch takes seconds. */
function residentMirror(python: string): ResidentPython {
  resident ??= new ResidentPython(python, script);
  return resident;
}

/** Has the PyTorch mirror compute once for each type. The data go through a temporary folder, which is removed. */
export async function runMirror<T extends MirrorType>(
  python: string,
  job: MirrorJob,
  data: MirrorData,
  dtypes: readonly T[],
): Promise<Record<T, MirrorResult>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'orion-mirror-'));
  const at = (name: string) => path.join(folder, name);
  const inputType = data.inputs instanceof Float32Array ? 'float32' : 'int64';
  const dims = { inputDims: data.inputSpec.dims, inputType, labelDims: data.labelSpec.dims };
  try {
    writeFileSync(at('job.json'), JSON.stringify({ ...job, ...dims, dtypes }));
    writeFileSync(at('parameters.bin'), Buffer.concat(data.parameters.map(bytesOf)));
    writeFileSync(at('inputs.bin'), bytesOf(data.inputs));
    writeFileSync(at('labels.bin'), bytesOf(data.labels));
    writeFileSync(at('statistics.bin'), Buffer.concat((data.statistics ?? []).map(bytesOf)));
    await residentMirror(python).answer(folder);
    type Figures = Omit<MirrorResult, 'values' | 'zeroGradients'>;
    const figures = JSON.parse(readFileSync(at('result.json'), 'utf8')) as Record<T, Figures>;
    const result = (dtype: T): MirrorResult => ({
      ...figures[dtype],
      values: new (dtype === 'float64' ? Float64Array : Float32Array)(readBytes(at(`values_${dtype}.bin`))),
      ...(job.task === 'steps' &&
        dtype === 'float64' && { zeroGradients: new Uint8Array(readBytes(at('zero_gradients.bin'))) }),
    });
    return Object.fromEntries(dtypes.map((dtype) => [dtype, result(dtype)])) as Record<T, MirrorResult>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** In memory of its own: a small file would lie anywhere in a shared one. */
function readBytes(file: string): ArrayBuffer {
  const bytes = new Uint8Array(statSync(file).size);
  const descriptor = openSync(file, 'r');
  for (let done = 0; done < bytes.length; ) done += readSync(descriptor, bytes, { offset: done });
  closeSync(descriptor);
  return bytes.buffer;
}
