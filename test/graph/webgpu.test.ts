import t from 'tap';
import { runInEnvironment, softwareVulkan } from '../support/vulkan.js';
import type { OperationRun } from './webgpu-run.js';

const { env, skip } = await softwareVulkan();

t.test('operations and their gradients are on WebGPU what they are on the CPU', { skip }, async (t) => {
  const runs = await runInEnvironment<OperationRun>('graph/webgpu-run.js', [], env!);
  t.ok(runs.length > 30, `${runs.length} operations`);
  for (const { name, errors } of runs) {
    for (const [what, error] of Object.entries(errors)) {
      t.ok(error < 1e-5, `${name}, ${what}: relative error ${error.toExponential(1)}`);
    }
  }
});
