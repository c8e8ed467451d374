import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '#src/base/package.js';
import { runPython } from '../support/python.js';

export interface MirrorJob {
  task: 'gradients' | 'steps';
  network: string;
  [option: string]: unknown;
}

export interface MirrorData {
  parameters: readonly Float32Array[];
  inputs: Float32Array | BigInt64Array;
  labels: BigInt64Array;
}

export interface MirrorResult {
  /** Of each step. */
  losses: number[];
  /** All parameters' gradients or final values, in order. */
  values: Float64Array;
}

const script = readFileSync(path.join(packageRoot, 'test/networks/torch_mirror.py'), 'utf8');

/** Runs the PyTorch mirror in a temporary folder, which it removes. */
export function runMirror(python: string, job: MirrorJob, data: MirrorData): MirrorResult {
  const folder = mkdtempSync(path.join(tmpdir(), 'orion-mirror-'));
  const at = (name: string) => path.join(folder, name);
  try {
    writeFileSync(at('job.json'), JSON.stringify(job));
    writeFileSync(at('parameters.bin'), Buffer.concat(data.parameters.map(bytesOf)));
    writeFileSync(at('inputs.bin'), bytesOf(data.inputs));
    writeFileSync(at('labels.bin'), bytesOf(data.labels));
    runPython(python, script, [folder]);
    const bytes = new Uint8Array(readFileSync(at('values.bin')));
    return {
      losses: JSON.parse(readFileSync(at('result.json'), 'utf8')).losses,
      values: new Float64Array(bytes.buffer, 0, bytes.byteLength / 8),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
