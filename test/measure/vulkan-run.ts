// Measures two trials and a step on WebGPU, and prints them as a line of JSON. The Vulkan driver is chosen by the
// environment, before the process starts.
import path from 'node:path';
import { measureStep } from '#src/measure/step.js';
import { prepareData } from '#src/pipeline/data.js';
import { generate } from '#src/pipeline/generate.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { smallConfigs } from '../networks/small-configs.js';

const folder = process.argv[2]!;
const dataRoot = path.join(folder, 'data');
await prepareData({ dataRoot, datasets: ['CIFAR100'], samples: 64, seed: 1 });
const { rows } = await generate(new OutputFolder(path.join(folder, 'out')), {
  family: 'mlp',
  preset: 'quick',
  overrides: {
    models: ['resmlp'],
    datasets: ['CIFAR100'],
    batchSizes: [8],
    embedDims: [32],
    depth: 2,
    workers: [1],
    storageModes: ['NVME'],
    learningRates: [1e-3],
    optimizers: ['AdamW'],
    precisions: [32, 16],
  },
  dataRoot,
  device: 'webgpu',
  warmup: 1,
  measure: 2,
  seed: 42,
  signal: new AbortController().signal,
});
const config = { ...smallConfigs.resmlp!, provider: 'webgpu' } as const;
const limits = { maximumMs: 1000, maximumWarmupMs: 1000 };
const step = await measureStep({ config, deviceId: 0, threads: 1 }, { learningRate: 1e-3, ...limits });
console.log(JSON.stringify({ rows, step }));
