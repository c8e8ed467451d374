import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { columnsOf, type Family, hardwareColumns } from '#src/base/columns.js';
import { nativeStatus } from '#src/base/native.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { availableCpus, cpuCapOf } from '#src/measure/cpu-cap.js';
import { probeProvider } from '#src/measure/providers.js';
import { measureTrials, type TrialOutcome } from '#src/measure/run-trials.js';
import { SessionHost } from '#src/measure/session/session-host.js';
import { planTrials, type TrialOptions } from '#src/measure/trial/plan.js';
import { cpuDevice, type TrialSettings } from '#src/measure/trial/settings.js';
import { timingColumns, trialSamples } from '#src/measure/trial/timing-columns.js';
import { identified, type Trial } from '#src/measure/trial/trial.js';

const cpuCap = cpuCapOf();
const here = { provider: 'cpu', gpuName: 'CPU', cpuCap } as const;
/** A network that trains in a few milliseconds. */
const tiny: TrialOptions = { embedDims: [16], depth: 1, learningRates: [1e-3], optimizers: ['SGD'] };

const dataRoot = t.testdir();
t.before(() => prepareDatasets(dataRoot, { samples: 64 }));

async function measure(trials: Trial[], settings: Partial<TrialSettings> = {}): Promise<TrialOutcome[]> {
  const outcomes: TrialOutcome[] = [];
  const defaults: TrialSettings = {
    dataRoot,
    device: cpuDevice,
    cpuCap,
    protocol: 'steady',
    measure: 4,
    phases: 'none',
  };
  for await (const outcome of measureTrials(trials, { ...defaults, ...settings })) outcomes.push(outcome);
  return outcomes;
}

t.test('trial ids are stable', async (t) => {
  const config = {
    family: 'mlp',
    model: 'resmlp',
    dataset: 'CIFAR100',
    batchSize: 32,
    learningRate: 0.001,
    optimizer: 'AdamW',
    precision: 32,
    workers: 2,
    storage: 'NVME',
    embedDim: 128,
    depth: null,
    sequenceLength: null,
    targetLength: null,
    maximumVocabulary: null,
    seed: 42,
    provider: 'cpu',
    gpuName: 'CPU',
    cpuCap: 2,
  } as const;
  // printf '%s' 'batchSize=32;cpuCap=2;dataset=CIFAR100;depth=null;embedDim=128;family=mlp;gpuName=CPU;
  // learningRate=0.001;maximumVocabulary=null;model=resmlp;optimizer=AdamW;precision=32;provider=cpu;seed=42;sequenceLength=null;
  // storage=NVME;targetLength=null;workers=2' (one line) | sha256sum | head -c 12
  t.equal(identified(config).id, '8a621b9049ad');
  t.not(identified({ ...config, storage: 'SSD' }).id, '8a621b9049ad');
  t.not(identified({ ...config, gpuName: 'NVIDIA L4' }).id, '8a621b9049ad');
});

t.test('timing columns, by hand', async (t) => {
  const measured = { waitMs: [1, 2, 9], handOverMs: [1, 0, 2], stepMs: [6, 7, 8], losses: [3, 2, 1] };
  // CNN: compute 7, 7, 10 (mean 8), loader 1, 2, 9 (mean 4), totals 8, 9, 19.
  const cnn = timingColumns(trialSamples('cnn', measured), 2);
  t.equal(cnn.T_gpu_ms, 8);
  t.equal(cnn.T_cpu_io_ms, 4);
  t.equal(cnn.avg_batch_time_ms, 12);
  t.equal(cnn.p90_batch_time_ms, 17, '9 + 0.8 x (19 - 9)');
  t.equal(cnn.p50_batch_time_ms, 9);
  t.equal(cnn.T_step_ms, 8);
  t.equal(cnn.loader_ratio, 4 / 12);
  t.equal(cnn.bottleneck, 'gpu');
  t.equal(cnn.std_batch_ms, Math.sqrt(37), '(16 + 9 + 49) / 2');
  t.ok(Math.abs(Number(cnn.ci95_batch_ms) - (4.303 * Math.sqrt(37)) / Math.sqrt(3)) < 1e-9);
  t.equal(cnn.h2d_ms, 1);
  // MLP: the hand-over is the loader's: 2, 2, 11 (mean 5) against 6, 7, 8 (mean 7).
  t.match(timingColumns(trialSamples('mlp', measured), 2), { T_cpu_io_ms: 5, T_gpu_ms: 7, avg_batch_time_ms: 12 });
});

t.test('a session trains: losses fall, the step time is positive', async (t) => {
  const host = new SessionHost();
  const config = {
    network: 'resmlp',
    batchSize: 8,
    optimizer: 'SGD',
    precision: 32,
    imageShape: [3, 32, 32],
    classes: 10,
    embedDim: 16,
    depth: 1,
    seed: 1,
    provider: 'cpu',
  } as const;
  await host.open({ config, deviceId: 0, threads: 1 });
  const losses = await host.losses(20, 0.1);
  t.equal(losses.length, 20);
  t.ok(losses.at(-1)! < 0.5 * losses[0]!, `from ${losses[0]} to ${losses.at(-1)}`);
  const step = await host.measureStep({ learningRate: 0.01, maximumMs: 1, maximumWarmupMs: 1 });
  t.ok(step.stepMs > 0);
  t.equal(step.pairs.length, 3);
  t.ok((await host.timeRun(2, 0.01)) > 0);

  await host.open({ config: { ...config, batchSize: 4 }, deviceId: 0, threads: 1 });
  t.equal((await host.losses(1, 0.1)).length, 1, 'another session takes the place of the first');
  await t.rejects(host.open({ config: { ...config, imageShape: [3, 30, 32] }, deviceId: 0, threads: 1 }), /multiple/);
  await t.rejects(async () => host.losses(1, 0.1), /no session is open/);
  await host.close();
});

t.test('a session infers: every pass gives the same logits, the time of a pass is positive', async (t) => {
  const host = new SessionHost();
  const config = {
    network: 'mixer',
    batchSize: 4,
    optimizer: 'SGD',
    precision: 32,
    imageShape: [3, 32, 32],
    classes: 10,
    embedDim: 16,
    depth: 1,
    seed: 1,
    provider: 'cpu',
  } as const;
  await host.open({ config, mode: 'inference', deviceId: 0, threads: 1 });
  const logits = await host.losses(1, 0.1);
  t.equal(logits.length, 4 * 10);
  t.ok(logits.every((logit) => Number.isFinite(logit) && logit !== 0));
  t.same(await host.losses(3, 0.1), logits, 'nothing learns');
  t.ok((await host.measureStep({ learningRate: 0, maximumMs: 1, maximumWarmupMs: 1 })).stepMs > 0);
  await host.open({ config, deviceId: 0, threads: 1 });
  const losses = await host.losses(3, 0.1);
  t.ok(losses[2]! < losses[0]!, 'a training session of the same network takes its place');
  await host.close();
});

t.test('a session trains on made-up pairs of texts', async (t) => {
  const host = new SessionHost();
  const config = {
    network: 'Transformer',
    batchSize: 2,
    optimizer: 'AdamW',
    precision: 32,
    sequenceLength: 6,
    targetLength: 5,
    vocabularySize: 20,
    // Labels below this would be padding alone, and the loss 0.
    classes: 1,
    depth: 1,
    seed: 1,
    provider: 'cpu',
  } as const;
  await host.open({ config, deviceId: 0, threads: 1 });
  const losses = await host.losses(10, 1e-3);
  t.ok(losses[0]! > 1, 'labels are words of the vocabulary');
  t.ok(losses.at(-1)! < 0.5 * losses[0]!, `from ${losses[0]} to ${losses.at(-1)}`);
  await host.close();
});

t.test('images reach a network that wants another size resized', async (t) => {
  const options = { models: ['DeiT-Tiny'], datasets: ['CIFAR100'], batchSizes: [1], workers: [1], limit: 1 };
  const [outcome] = await measure(planTrials('transformer', 'quick', options, here), { warmup: 1, measure: 1 });
  t.equal(outcome!.status, 'ok', outcome!.reason ?? '');
  t.match(outcome!.row, { model: 'DeiT-Tiny', img_size: 224, seq_len: 196, vocab_size: null });
});

t.test('every column of a record is filled', async (t) => {
  const mayBeEmpty = new Set(['gpu_uuid', 'driver', 'reason', 'tgt_len', 'img_size', 'patch_size', 'in_channels']);
  if (nativeStatus().addon === null) mayBeEmpty.add('storage_read_mbps');
  const options: Record<Family, TrialOptions> = {
    cnn: {
      models: ['mobilenetv2'],
      datasets: ['CIFAR10'],
      batchSizes: [2],
      workers: [1],
      storageModes: ['NVME'],
      limit: 1,
    },
    mlp: { ...tiny, datasets: ['TinyImageNet'], batchSizes: [4], workers: [2], storageModes: ['NVME'], limit: 1 },
    transformer: { batchSizes: [2], workers: [1], storageModes: ['SSD'], sequenceLength: 16, limit: 1 },
  };
  for (const family of ['cnn', 'mlp', 'transformer'] as const) {
    const trials = planTrials(family, 'quick', options[family], here);
    const [outcome] = await measure(trials, { measure: 2, phases: 'all' });
    const { row, samples, status, reason } = outcome!;
    t.equal(status, 'ok', reason ?? family);
    const expected = columnsOf(family).filter(
      ({ name }) => !hardwareColumns.includes(name) && name !== 'hardware_source',
    );
    t.same(
      Object.keys(row),
      expected.map(({ name }) => name),
      `${family}: all columns, in order`,
    );
    for (const { name, type } of expected) {
      const value = row[name];
      if (value === null && mayBeEmpty.has(name) && !(name === 'patch_size' && family === 'mlp')) continue;
      const right = { text: 'string', boolean: 'boolean', integer: 'number', number: 'number' }[type];
      t.equal(typeof value, right, `${family}: ${name} is ${value}`);
      if (type === 'integer') t.ok(Number.isInteger(value), `${family}: ${name} is whole`);
    }
    t.equal(samples.computeMs.length, 2);
    t.ok(
      samples.losses.every((loss) => loss > 0 && Number.isFinite(loss)),
      `losses ${samples.losses}`,
    );
    const total = samples.loaderMs.map((loader, i) => loader + samples.computeMs[i]!);
    t.ok(Math.abs(Number(row.avg_batch_time_ms) - total.reduce((sum, time) => sum + time, 0) / 2) < 1e-9);
    t.match(row, {
      record_id: trials[0]!.id,
      dataset_size: 64,
      vcpu: Math.min(trials[0]!.workers, cpuCap),
      gpu_name: 'CPU',
      data: 'synthetic',
      timing: 'real',
      provider: 'cpu',
      steady_state: true,
      cpu_cap: cpuCap,
    });
    if (family === 'transformer') {
      const rate = (2 * 1000) / Number(row.avg_batch_time_ms);
      t.ok(Math.abs(Number(row.examples_per_sec) / rate - 1) < 1e-9);
      t.ok(Math.abs(Number(row.tokens_per_sec) / (16 * rate) - 1) < 1e-9);
    }
    if (family === 'cnn') t.equal(row.disk_bytes_per_sample, 0, 'CIFAR-10 is held in memory');
  }
});

t.test('the bottleneck is the one that is slow', async (t) => {
  const root = t.testdir();
  await prepareDatasets(root, { samples: 64, datasets: ['CIFAR100'] });
  const wnids = Array.from({ length: 200 }, (_, index) => `n${index}`);
  for (const wnid of wnids) mkdirSync(path.join(root, 'tiny-imagenet-200/train', wnid, 'images'), { recursive: true });
  writeFileSync(path.join(root, 'tiny-imagenet-200/wnids.txt'), wnids.join('\n'));
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const large = await sharp({ create: { width: 2000, height: 1500, channels: 3, background: 'black', noise } })
    .jpeg()
    .toBuffer();
  for (let i = 0; i < 8; i++) writeFileSync(path.join(root, `tiny-imagenet-200/train/n${i}/images/large.JPEG`), large);

  const slowDecode = planTrials(
    'mlp',
    'quick',
    { ...tiny, datasets: ['TinyImageNet'], batchSizes: [2], workers: [1], limit: 1 },
    here,
  );
  const bigNetwork = planTrials(
    'mlp',
    'quick',
    { datasets: ['CIFAR100'], batchSizes: [16], workers: [1], limit: 1 },
    here,
  );
  const [host] = await measure(slowDecode, { dataRoot: root, measure: 3 });
  const [device] = await measure(bigNetwork, { dataRoot: root, measure: 3 });
  t.match(host!.row, { bottleneck: 'host', vcpu: 1, status: 'ok', data: 'real' });
  t.ok(Number(host!.row.loader_ratio) > 0.5);
  t.match(device!.row, { bottleneck: 'gpu', vcpu: 1, status: 'ok' });
  t.ok(Number(device!.row.loader_ratio) < 0.5);
});

t.test('failed and skipped trials are told, and the sweep goes on', async (t) => {
  const options = {
    ...tiny,
    datasets: ['CIFAR100'],
    batchSizes: [65, 4],
    workers: [1],
    storageModes: ['NVME'],
    precisions: [16, 32],
  } as const;
  const outcomes = await measure(planTrials('mlp', 'quick', { ...options, order: 'listed' }, here), { measure: 2 });
  t.same(
    outcomes.map(({ trial, status }) => [trial.precision, trial.batchSize, status]),
    [
      [16, 65, 'skipped'],
      [16, 4, 'skipped'],
      [32, 65, 'failed'],
      [32, 4, 'ok'],
    ],
  );
  t.match(outcomes[0]!.reason, /precision 16 is measured on a GPU only/);
  t.match(outcomes[2]!.row, {
    status: 'failed',
    avg_batch_time_ms: null,
    batch_size: 65,
    reason: /Batch size 65 is larger/,
  });
});

t.test('an abort ends the sweep after the trial that runs', async (t) => {
  const controller = new AbortController();
  const sweep: TrialOptions = { ...tiny, datasets: ['CIFAR100'], batchSizes: [4], order: 'listed' };
  const trials = planTrials('mlp', 'quick', sweep, here);
  const done: string[] = [];
  const outcomes: TrialOutcome[] = [];
  const settings: TrialSettings = {
    dataRoot,
    device: cpuDevice,
    cpuCap,
    protocol: 'orion',
    warmup: 0,
    measure: 1,
    signal: controller.signal,
    onProgress: ({ detail }) => done.push(detail!),
  };
  for await (const outcome of measureTrials(trials, settings)) {
    outcomes.push(outcome);
    controller.abort();
  }
  t.equal(outcomes.length, 1);
  t.equal(outcomes[0]!.row.steady_state, false, 'a queue that was not drained is not called steady');
  t.same(done, ['resmlp CIFAR100 batch 4 embedding 16 SGD lr 0.001 fp32, 1 worker, NVME']);
});

t.test('missing data and devices', async (t) => {
  const trials = planTrials('mlp', 'quick', { ...tiny, limit: 1 }, here);
  await t.rejects(measure(trials, { dataRoot: t.testdir() }), { code: 'MISSING_DATA' });
  await t.test(
    'no CUDA provider',
    { skip: (await probeProvider('cuda')).usable && 'CUDA is usable here' },
    async (t) => {
      const device = { ...cpuDevice, provider: 'cuda' } as const;
      await t.rejects(measure(trials, { device }), { name: 'MissingDeviceError', exitCode: 3 });
    },
  );
});

/** Child processes of this one. */
function children(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
}

t.test('the CPU cap', { skip: nativeStatus().reason ?? (availableCpus() < 2 && 'one CPU only') }, async (t) => {
  const options = { ...tiny, datasets: ['CIFAR100'], batchSizes: [4], workers: [2], limit: 1 };
  const trials = planTrials('mlp', 'quick', options, { provider: 'cpu', gpuName: 'CPU', cpuCap: 1 });
  t.equal(trials[0]!.workers, 1, 'workers are clamped');
  const others = children();
  const settings: TrialSettings = { dataRoot, device: cpuDevice, cpuCap: 1, protocol: 'orion', measure: 1 };
  for await (const outcome of measureTrials(trials, settings)) {
    t.match(outcome.row, { cpu_cap: 1, vcpu: 1, status: 'ok' });
    const [bench] = children().filter((pid) => !others.includes(pid));
    t.match(readFileSync(`/proc/${bench}/status`, 'utf8'), /^Cpus_allowed_list:\s+\d+$/m, 'pinned to one CPU');
  }
  t.same(
    children().filter((pid) => !others.includes(pid)),
    [],
    'the measuring process has ended',
  );
  t.throws(() => cpuCapOf(0), { name: 'InputError' });
  t.throws(() => cpuCapOf(availableCpus() + 1), { name: 'InputError' });
});

t.test('a measuring process that is killed takes nothing else with it', async (t) => {
  const trials = planTrials('mlp', 'quick', { ...tiny, datasets: ['CIFAR100'], batchSizes: [4], limit: 3 }, here);
  const others = children();
  const statuses: string[] = [];
  const settings: TrialSettings = { dataRoot, device: cpuDevice, cpuCap, protocol: 'orion', warmup: 0, measure: 1 };
  for await (const { status, reason, row } of measureTrials(trials, settings)) {
    statuses.push(status);
    if (status === 'failed') {
      t.match(reason, /measuring process died \(killed by SIGKILL\)/);
      t.equal(row.avg_batch_time_ms, null);
    }
    if (statuses.length === 1) for (const pid of children()) if (!others.includes(pid)) process.kill(pid, 'SIGKILL');
  }
  t.equal(statuses.length, 3);
  t.same([statuses[0], statuses[2]], ['ok', 'ok'], `the one between may be lost: ${statuses}`);
});
