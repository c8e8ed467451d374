import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '#src/base/package.js';
import { runPythonFile } from '../support/python.js';

export interface MirrorJob {
  task: 'gradients' | 'steps' | 'logits' | 'traffic';
  network: string;
  /** float64 unless given. */
  dtype?: 'float32';
  [option: string]: unknown;
}

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
  /** Steps only: of each parameter in the first step, the largest absolute gradient. */
  largestGradients?: number[];
  /** Traffic only: bytes of the operations of a forward pass, by their name in PyTorch. */
  traffic?: Record<string, number>;
  /** All parameters' gradients or final values, in order; or the logits. */
  values: Float64Array;
}

const script = path.join(packageRoot, 'test/networks/torch/mirror.py');

/** Runs the PyTorch mirror in a temporary folder, which it removes. */
export function runMirror(python: string, job: MirrorJob, data: MirrorData): MirrorResult {
  const folder = mkdtempSync(path.join(tmpdir(), 'orion-mirror-'));
  const at = (name: string) => path.join(folder, name);
  const inputType = data.inputs instanceof Float32Array ? 'float32' : 'int64';
  const dims = { inputDims: data.inputSpec.dims, inputType, labelDims: data.labelSpec.dims };
  try {
    writeFileSync(at('job.json'), JSON.stringify({ ...job, ...dims }));
    writeFileSync(at('parameters.bin'), Buffer.concat(data.parameters.map(bytesOf)));
    writeFileSync(at('inputs.bin'), bytesOf(data.inputs));
    writeFileSync(at('labels.bin'), bytesOf(data.labels));
    writeFileSync(at('statistics.bin'), Buffer.concat((data.statistics ?? []).map(bytesOf)));
    runPythonFile(python, script, [folder]);
    const bytes = new Uint8Array(readFileSync(at('values.bin')));
    return {
      ...(JSON.parse(readFileSync(at('result.json'), 'utf8')) as Omit<MirrorResult, 'values'>),
      values: new Float64Array(bytes.buffer, 0, bytes.byteLength / 8),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
