// Trains the networks named on the command line on the CPU and on WebGPU, and prints what the test compares, a line of
// JSON for each. A process of its own: the Vulkan driver is chosen by the environment, before the process starts.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ort from 'onnxruntime-node';
import { MersenneTwister } from '#src/base/random.js';
import { elementCount } from '#src/graph/shape.js';
import { LoopTrainer } from '#src/measure/session/loop-trainer.js';
import type { Runner } from '#src/measure/session/runner.js';
import { StepTrainer } from '#src/measure/session/step-trainer.js';
import { stepGraph } from '#src/networks/index.js';
import type { TrainingConfig } from '#src/networks/types.js';
import { randomBatch, tensorOf } from './batch.js';
import { type Placement, type ProfileEvent, placementOf } from './placement.js';
import { webgpuCases } from './webgpu-cases.js';

export interface WebgpuRun {
  network: string;
  /** Losses of the steps. */
  cpu: number[];
  webgpu: number[];
  placement: Placement;
  /** Of the tensors that enter and leave the session in the last step by way of CPU memory. */
  crossingBytes: number;
  batchBytes: number;
  stateBytes: number;
}

const steps = 2;

/** Bytes of the tensors in CPU memory that a session was given and gave back in its last run. */
let crossingBytes = 0;

type Session = ort.InferenceSession;
const create = ort.InferenceSession.create as (...given: unknown[]) => Promise<Session>;
ort.InferenceSession.create = async (...given: unknown[]) => {
  const session = await create.apply(ort.InferenceSession, given);
  const run = session.run.bind(session) as (...given: unknown[]) => ReturnType<Session['run']>;
  session.run = async (feeds: ort.InferenceSession.FeedsType, ...rest: unknown[]) => {
    const results = await run(feeds, ...rest);
    const tensors = [...Object.values(feeds), ...Object.values(results)] as ort.Tensor[];
    crossingBytes = bytesOf(tensors.filter(({ location }) => location === 'cpu'));
    return results;
  };
  return session;
};

function bytesOf(tensors: readonly { size: number; type: string }[]): number {
  return tensors.reduce((sum, { size, type }) => sum + size * (type === 'int64' ? 8 : 4), 0);
}

function batchBytesOf({ inputs }: Runner): number {
  return bytesOf(inputs.map(({ dims, dtype }) => ({ size: elementCount(dims), type: dtype })));
}

async function losses(trainer: Runner, config: TrainingConfig, learningRate: number): Promise<number[]> {
  const { inputs, labels } = randomBatch(config, trainer.inputs, new MersenneTwister(23));
  const [inputSpec, labelSpec] = trainer.inputs;
  const feeds = {
    [inputSpec!.name]: tensorOf(inputs, inputSpec!.dims),
    [labelSpec!.name]: tensorOf(labels, labelSpec!.dims),
    [trainer.learningRateInput!]: new ort.Tensor('float32', [learningRate], []),
  };
  return [...(await trainer.run(feeds, steps))];
}

const [folder, ...names] = process.argv.slice(2) as [string, ...string[]];
// The provider forgets its compiled shaders, which take most of the time, when its last session is released.
const { config: first } = webgpuCases.resmlp!;
const kept = await StepTrainer.open(first, { executionProviders: ['webgpu'], logSeverityLevel: 3 });
for (const network of names) {
  const { config, learningRate } = webgpuCases[network]!;
  const cpuConfig: TrainingConfig = { ...config, provider: 'cpu' };
  const cpuTrainer = await LoopTrainer.open(cpuConfig, { executionProviders: ['cpu'], logSeverityLevel: 3 });
  const cpu = await losses(cpuTrainer, cpuConfig, learningRate);
  await cpuTrainer.release();

  const trainer = await StepTrainer.open(config, {
    executionProviders: ['webgpu'],
    logSeverityLevel: 3,
    enableProfiling: true,
    profileFilePrefix: path.join(folder, network),
  });
  const webgpu = await losses(trainer, config, learningRate);
  await trainer.release();
  const profile = readdirSync(folder).find((name) => name.startsWith(`${network}_`))!;
  const events = JSON.parse(readFileSync(path.join(folder, profile), 'utf8')) as ProfileEvent[];
  const outcome: WebgpuRun = {
    network,
    cpu,
    webgpu,
    placement: placementOf(events, steps),
    crossingBytes,
    batchBytes: batchBytesOf(trainer),
    stateBytes: stepGraph(config).initial.lengthBytes,
  };
  console.log(JSON.stringify(outcome));
}
await kept.release();
