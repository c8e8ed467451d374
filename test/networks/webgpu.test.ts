import t from 'tap';
import { networks } from '#src/networks/index.js';
import { webgpuCases } from './webgpu-cases.js';
import { placement, testOnWebgpu } from './webgpu-checks.js';

t.test('every network has a case and its list of nodes on the CPU', async (t) => {
  const names = Object.keys(networks).sort();
  t.same(Object.keys(webgpuCases).sort(), names);
  t.same(Object.keys(placement.cpu_nodes).sort(), names);
});

// All in one process: most of the time goes to shaders, which they share.
await testOnWebgpu(Object.keys(networks));
