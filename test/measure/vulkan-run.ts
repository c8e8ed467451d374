// Measures two trials and a step on WebGPU, trains on batches of the host and of the device, and prints it as a line of
// JSON. The Vulkan driver is chosen by the environment, before the process starts.
import path from 'node:path';
import { OnnxSession } from '#src/measure/session/onnx-session.js';
import { randomBatch } from '#src/measure/session/random-batch.js';
import { SessionStepper } from '#src/measure/session/stepper.js';
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
// Open until the end: the provider forgets its compiled shaders, which take most of the time, with its last session.
const session = await OnnxSession.open({ config, deviceId: 0, threads: 1 });

/** The loss of a step on one batch, fed from the host and placed on the device, and where the placed inputs lay. */
async function trainPlaced() {
  const batch = randomBatch(session, config);
  const [fromHost] = await session.train(session.feeds(batch, 1e-3), 1);
  const stepper = new SessionStepper(session, 1e-3);
  const held = await stepper.handOver(batch);
  const locations = session.inputs.map((input) => held[input.name]!.location);
  const losses = [await stepper.step(held), await stepper.step(held)];
  stepper.letGo(held);
  return { fromHost, losses, locations };
}

const placed = await trainPlaced();
const limits = { maximumMs: 1000, maximumWarmupMs: 1000 };
const step = await measureStep({ config, deviceId: 0, threads: 1 }, { learningRate: 1e-3, ...limits });
await session.release();
console.log(JSON.stringify({ rows, step, placed }));
