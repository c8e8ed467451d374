import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Test } from 'tap';
import t from 'tap';
import { ortVersion, packageRoot } from '#src/base/package.js';
import { runInEnvironment, softwareVulkan } from '../support/vulkan.js';
import type { WebgpuRun } from './webgpu-run.js';

interface PlacementFile {
  onnxruntime: string;
  /** By network and operator. */
  cpu_nodes: Record<string, Record<string, number>>;
}

const file = path.join(packageRoot, 'models', 'onnxruntime-1.30-webgpu-placement.json');
export const placement = JSON.parse(readFileSync(file, 'utf8')) as PlacementFile;

/** What crosses in a step, beside the batch: the learning rate, the number of the step, the loss. */
const scalarBytes = 3 * 4;
const tolerance = 1e-4;

/** Trains the networks on a software device, in a process of its own, and compares; a test for each. */
export async function testOnWebgpu(networks: readonly string[]): Promise<void> {
  const { env, skip } = await softwareVulkan();
  t.test('networks train on WebGPU', { skip }, async (t) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-webgpu-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const runs = await runInEnvironment<WebgpuRun>('networks/webgpu-run.js', [folder, ...networks], env!);
    t.same(
      runs.map(({ network }) => network),
      networks,
    );
    for (const run of runs) t.test(run.network, async (t) => checkRun(t, run));
  });
}

function checkRun(
  t: Test,
  { network, cpu, webgpu, placement: found, crossingBytes, batchBytes, stateBytes }: WebgpuRun,
) {
  t.equal(webgpu.length, 2);
  webgpu.forEach((loss, step) => {
    const error = Math.abs(loss / cpu[step]! - 1);
    t.ok(error < tolerance, `step ${step + 1}: loss ${loss}, on the CPU ${cpu[step]}: ${error.toExponential(1)} apart`);
  });
  t.ok(Math.abs(cpu[1]! / cpu[0]! - 1) > 5 * tolerance, 'the update changes the loss by more than is tolerated');

  t.equal(crossingBytes, batchBytes + scalarBytes, 'the batch, two numbers and the loss cross at the ends of a step');
  const largest = Math.max(...found.copiedBytes);
  t.ok(largest <= batchBytes, `copies within a step have at most ${largest} bytes, the state ${stateBytes}`);
  // Another version may have other kernels.
  if (ortVersion() === placement.onnxruntime) t.same(found.cpu, placement.cpu_nodes[network], 'nodes on the CPU');
}
