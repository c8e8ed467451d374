import t from 'tap';
import { networks } from '#src/networks/index.js';
import { webgpuCases } from './webgpu-cases.js';
import { placement, testOnWebgpu } from './webgpu-checks.js';

t.test('every network has a case and its list of nodes on the CPU', async (t) => {
  const names = Object.keys(networks).sort();
  t.same(Object.keys(webgpuCases).sort(), names);
  t.same(Object.keys(placement.cpu_nodes).sort(), names);
});

// The CNNs, which take a software device a minute each, have test files of their own.
await testOnWebgpu(Object.keys(networks).filter((name) => networks[name]!.family !== 'cnn'));
