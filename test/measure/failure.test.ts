import t from 'tap';
import { prepareDatasets } from '#src/data/prepare.js';
import { failureOf } from '#src/measure/failure.js';
import { measureTrials } from '#src/measure/run-trials.js';
import { planTrials, type TrialOptions } from '#src/measure/trial/plan.js';
import { cpuDevice } from '#src/measure/trial/settings.js';

t.test('a trial that memory does not suffice for fails by that reason, and the sweep goes on', async (t) => {
  const dataRoot = t.testdir();
  await prepareDatasets(dataRoot, { samples: 8, datasets: ['CIFAR100'] });
  // 4 x 10^6 x 10^6 weights are more than any machine has memory for; the arrays of the second cannot be had either.
  const options: TrialOptions = {
    ...{ datasets: ['CIFAR100'], batchSizes: [2], workers: [1], storageModes: ['NVME'], depth: 1 },
    ...{ embedDims: [1_000_000, 30_000_000, 16], order: 'listed' },
  };
  const trials = planTrials('mlp', 'quick', options, { provider: 'cpu', gpuName: 'CPU', cpuCap: 1 });
  const settings = { dataRoot, device: cpuDevice, cpuCap: 1, protocol: 'orion', warmup: 0, measure: 1 } as const;
  const rows = [];
  for await (const { row } of measureTrials(trials, settings)) rows.push(row);
  t.match(rows, [
    { status: 'failed', reason: /^not enough memory \(/, avg_batch_time_ms: null, embed_dim: 1_000_000 },
    { status: 'failed', reason: /^not enough memory \(/, avg_batch_time_ms: null, embed_dim: 30_000_000 },
    { status: 'ok', reason: null, embed_dim: 16 },
  ]);
});

t.test('reasons are one line, and memory is named', async (t) => {
  const arena =
    "Non-zero status code returned while running Loop node. Name:'train' Status Message: Non-zero status code returned " +
    "while running Add node. Name:'update/block0.channels2.weight/Add' Status Message: /onnxruntime_src/onnxruntime/core/" +
    'framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*) ' +
    'Failed to allocate memory for requested buffer of size 268435456\n';
  t.equal(failureOf(new Error(arena)), 'not enough memory (ONNX Runtime could not have another 268435456 bytes)');
  t.equal(failureOf(new Error('std::bad_alloc')), 'not enough memory (std::bad_alloc)');
  t.match(failureOf(new Error('CUDA failure 2: out of memory ; GPU=0')), /^not enough memory \(CUDA failure 2/);
  t.equal(failureOf(new Error('Invalid node\n  in graph\n')), 'Invalid node in graph');
  t.equal(failureOf(new RangeError('index out of range')), 'index out of range');
  try {
    t.fail(`made ${new ArrayBuffer(2 ** 52).byteLength} bytes`);
  } catch (error) {
    t.match(failureOf(error), /^not enough memory \(/);
  }
});
