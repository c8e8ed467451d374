import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { prepareDatasets } from '#src/data/prepare.js';
import { planTrials } from '#src/measure/trial/plan.js';
import { emulationOf } from '#src/pipeline/emulation.js';
import { type GenerateOptions, generate } from '#src/pipeline/generate.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';

const folder = t.testdir();
const records = path.join(folder, 'measured.csv');
const header = 'gpu_name,model,dataset,batch_size,precision,optimizer,embed_dim,T_gpu_ms,status,timing';
writeFileSync(
  records,
  [
    header,
    // The same step with other learning rates, workers or storage: the median is 6.
    'NVIDIA L4,resmlp,CIFAR100,8,32,AdamW,128,5,ok,real',
    'NVIDIA L4,resmlp,CIFAR100,8,32,AdamW,128,6,ok,real',
    'NVIDIA L4,resmlp,CIFAR100,8,32,AdamW,128,7.5,ok,real',
    // Other steps, a failure, and what was itself emulated.
    'NVIDIA L4,resmlp,CIFAR100,8,32,SGD,128,100,ok,real',
    'NVIDIA L4,resmlp,CIFAR100,8,16,AdamW,128,100,ok,real',
    'NVIDIA L4,resmlp,CIFAR100,8,32,AdamW,256,100,ok,real',
    'NVIDIA L4,resmlp,TinyImageNet,8,32,AdamW,128,100,ok,real',
    'NVIDIA L4,resmlp,CIFAR100,8,32,AdamW,128,,failed,real',
    'NVIDIA L4,resmlp,CIFAR100,8,32,AdamW,128,100,ok,emulated',
    'NVIDIA A100-SXM4-40GB,resmlp,CIFAR100,8,32,AdamW,128,2,ok,real',
    '',
  ].join('\n'),
);

const planned = (batchSize: number) =>
  planTrials(
    'mlp',
    'quick',
    { datasets: ['CIFAR100'], batchSizes: [batchSize], workers: [1], storageModes: ['NVME'] },
    { provider: 'cuda', gpuName: 'NVIDIA L4', cpuCap: 1 },
  ).filter(({ precision }) => precision === 32);

t.test('the step of a GPU is taken from its records', async (t) => {
  for (const [gpu, name, stepMs] of [
    ['nvidia l4', 'NVIDIA L4', 6],
    ['L4', 'NVIDIA L4', 6],
    ['a100', 'NVIDIA A100-SXM4-40GB', 2],
  ] as const) {
    const { device, emulated } = await emulationOf({ gpu, recordsFile: records });
    t.match(device, { name, emulated: true, uuid: null });
    const [trial] = emulated(planned(8));
    t.equal(trial!.emulatedStepMs, stepMs, gpu);
    t.not(trial!.id, planned(8)[0]!.id, 'it is another trial than the real one');
  }
  const { emulated } = await emulationOf({ gpu: 'L4', recordsFile: records });
  t.throws(() => emulated(planned(16)), {
    exitCode: 2,
    message:
      /has no record of NVIDIA L4 with model resmlp, batch_size 16, precision 32, optimizer AdamW, dataset CIFAR100/,
  });
  await t.rejects(emulationOf({ gpu: 'H200', recordsFile: records }), {
    exitCode: 2,
    message: /--emulate H200: name one of the devices that .* has: NVIDIA L4, NVIDIA A100-SXM4-40GB\./,
  });
  await t.rejects(emulationOf({ stepMs: 0 }), { exitCode: 2, message: /--emulate-ms takes a positive number/ });
});

t.test('an emulated sweep: waits in place of steps, and a real loader', async (t) => {
  const dataRoot = t.testdir();
  await prepareDatasets(dataRoot, { samples: 32, datasets: ['TinyImageNet'] });
  const out = new OutputFolder(path.join(dataRoot, 'out'));
  const options: GenerateOptions = {
    family: 'cnn',
    preset: 'quick',
    overrides: { datasets: ['TinyImageNet'], batchSizes: [4], workers: [2], storageModes: ['cached'] },
    dataRoot,
    emulate: { stepMs: 2.5 },
    seed: 42,
    signal: new AbortController().signal,
  };
  const { file, rows, device } = await generate(out, options);
  t.equal(device.name, 'emulated-2.5ms');
  t.equal(path.basename(file), 'CNN_emulated_2.5ms.csv');
  t.match(rows, [
    {
      status: 'ok',
      reason: null,
      timing: 'emulated',
      provider: null,
      gpu_name: 'emulated-2.5ms',
      model: 'resnet50',
      vcpu: 2,
      hardware_source: undefined,
    },
  ]);
  const [row] = rows;
  // A wait is never shorter than it was to be.
  for (const column of ['T_gpu_ms', 'compute_only_ms']) t.ok(Number(row![column]) >= 2.5, column);
  t.ok(Number(row!.prepare_ms) > 0 && Number.isFinite(Number(row!.fetch_ms)));
  const { samples } = JSON.parse(readFileSync(out.file('trials.jsonl'), 'utf8'));
  t.same(samples.losses, [], 'nothing was computed');
  t.equal(samples.computeMs.length, row!.measure_batches);

  const gpu = { gpu: 'L4', recordsFile: path.join(dataRoot, 'l4.csv') };
  writeFileSync(gpu.recordsFile, `${header}\nNVIDIA L4,resnet50,TinyImageNet,4,32,SGD,,3,ok,real\n`);
  const precisions = [32 as const];
  const named = await generate(out, { ...options, emulate: gpu, overrides: { ...options.overrides, precisions } });
  t.equal(path.basename(named.file), 'CNN_emulated_NVIDIA_L4.csv', "apart from a real card's records");
  t.match(named.rows[0], { gpu_name: 'NVIDIA L4', timing: 'emulated', gpu_arch: 'Ada', hardware_source: 'catalogue' });
});
