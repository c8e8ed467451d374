import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { ortVersion, packageRoot } from '#src/base/package.js';
import { networks } from '#src/networks/index.js';
import { runInEnvironment, softwareVulkan } from '../support/vulkan.js';
import { webgpuCases } from './webgpu-cases.js';
import type { WebgpuRun } from './webgpu-run.js';

interface PlacementFile {
  onnxruntime: string;
  cpu_nodes: Record<string, Record<string, number>>;
}

const file = path.join(packageRoot, 'models', 'onnxruntime-1.30-webgpu-placement.json');
const placement = JSON.parse(readFileSync(file, 'utf8')) as PlacementFile;

t.test('every network has a case and its list of nodes on the CPU', async (t) => {
  const names = Object.keys(networks).sort();
  t.same(Object.keys(webgpuCases).sort(), names);
  t.same(Object.keys(placement.cpu_nodes).sort(), names);
});

const { env, skip } = await softwareVulkan();
const otherVersion = ortVersion() !== placement.onnxruntime && `the list is of ONNX Runtime ${placement.onnxruntime}`;

/** What crosses in a step, beside the batch: the learning rate, the number of the step, the loss. */
const scalarBytes = 3 * 4;

t.test('networks train on WebGPU', { skip }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-webgpu-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const runs = await runInEnvironment<WebgpuRun>('networks/webgpu-run.js', [folder, ...Object.keys(webgpuCases)], env!);
  for (const { network, cpu, webgpu, placement: found, crossingBytes, batchBytes, stateBytes } of runs) {
    t.test(network, async (t) => {
      t.equal(webgpu.length, 3);
      webgpu.forEach((loss, step) => {
        const error = Math.abs(loss / cpu[step]! - 1);
        t.ok(error < 1e-4, `step ${step + 1}: loss ${loss}, on the CPU ${cpu[step]}`);
      });
      t.not(cpu[2], cpu[0], 'the updates count');

      t.equal(
        crossingBytes,
        batchBytes + scalarBytes,
        'the batch, two numbers and the loss cross at the ends of a step',
      );
      const largest = Math.max(...found.copiedBytes);
      t.ok(largest <= batchBytes, `copies within a step have at most ${largest} bytes, the state ${stateBytes}`);
      if (!otherVersion) t.same(found.cpu, placement.cpu_nodes[network], 'nodes on the CPU');
    });
  }
  t.equal(runs.length, Object.keys(webgpuCases).length);
});
