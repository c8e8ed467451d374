import t, { type Test } from 'tap';
import type { Row } from '#src/base/columns.js';
import { deviceTerms, deviceTermsOf, plainRooflineMs } from '#src/physics/device-terms.js';
import { type Hardware, hardwareOf, sustainedMatrixRate } from '#src/physics/hardware.js';
import { joinMs, loaderTermsOf } from '#src/physics/loader.js';
import { memoryNeededBytes } from '#src/physics/memory.js';
import { type Workload, workloadOf } from '#src/physics/workload.js';

const near = (t: Test, found: number, expected: number, what: string) =>
  t.ok(Math.abs(found - expected) <= 1e-3 * Math.abs(expected), `${what}: ${found}, expected ${expected}`);

const work: Workload = {
  batchSize: 10,
  precision: 32,
  flops: 2e12,
  trafficBytes: 1e11,
  kernels: 1000,
  parameterBytes: 1e9,
  updateBytes: 3e9,
  inputBytes: 1e6,
  activationBytes: 5e9,
  stateBytes: 2e9,
};

// 100 W at 10^11 operations per joule are its very peak: nothing is throttled
const device: Hardware = {
  name: 'a card',
  matrixFlopsPerSecond: 1e13,
  halfMatrixFlopsPerSecond: 8e13,
  vectorFlopsPerSecond: 1e13,
  bytesPerSecond: 1e12,
  memoryBytes: 16e9,
  multiprocessors: 40,
  l2Bytes: 4 * 2 ** 20,
  powerWatts: 100,
};

t.test('terms of a step, worked out by hand', async (t) => {
  // 0.2 s arithmetic and 0.1 s memory: (0.2^1.5 + 0.1^1.5)^(2/3); 2e12 / 32 bytes refetched; 1e11 element-wise operations
  const expected = [244.73, 62.5, 10, 10, 1, 3];
  deviceTermsOf(work, device).forEach((value, i) => {
    near(t, value, expected[i]!, deviceTerms[i]!);
  });
  const [, refill] = deviceTermsOf(work, { ...device, l2Bytes: 16 * 2 ** 20 });
  near(t, refill!, 31.25, 'four times the cache, half the refill');
  const [roofline] = deviceTermsOf(work, { ...device, powerWatts: 800 });
  near(t, roofline!, 100 * 2 ** (2 / 3), 'eight times the power, twice the rate: both parts take 0.1 s');
  near(t, plainRooflineMs(work, device), 200, 'the plain roofline is the greater part');
  near(t, plainRooflineMs({ ...work, precision: 16 }, device), 100, 'in half precision memory is');
});

t.test('sustained rate: the cube root of power, and the peak where no power is known', async (t) => {
  near(t, sustainedMatrixRate(device, work), 1e13, 'the peak');
  near(t, sustainedMatrixRate({ ...device, powerWatts: 12.5 }, work), 5e12, 'an eighth of the power, half the rate');
  near(t, sustainedMatrixRate({ ...device, powerWatts: null }, work), 1e13, 'unknown power');
  near(t, sustainedMatrixRate({ ...device, powerWatts: 800 }, { precision: 16 }), 1.6e14, 'half precision');
});

const row: Row = {
  gpu_name: 'Tesla T4',
  architecture: 'CNN',
  batch_size: 32,
  depth: 10,
  input_shape: '(3, 32, 32)',
  flops_train_per_batch: 3e12,
  act_bytes_per_sample_proxy: 1e6,
  param_bytes: 4e6,
  optimizer_state_bytes: 8e6,
  total_state_bytes: 12e6,
  optimizer: 'AdamW',
  precision: 32,
  SM: 40,
  FP32: 8100,
  FP16: 16200,
  FP16_matrix: 65000,
  'GPU Memory Bandwidth (GB/s)': 320,
  'Memory (GB)': 16,
  'L2 (MB)': 4,
  'TDP (W)': 70,
};

t.test('what a row says of its work', async (t) => {
  t.same(workloadOf(row), {
    batchSize: 32,
    precision: 32,
    flops: 3e12,
    trafficBytes: 3 * 2 * 32e6, // three passes, each activation written once and read once
    kernels: 90,
    parameterBytes: 4e6,
    updateBytes: 3 * 4e6 + 2 * 8e6,
    inputBytes: 32 * 4 * 3 * 32 * 32,
    activationBytes: 32e6,
    stateBytes: 12e6,
  });
  t.match(workloadOf({ ...row, bytes_exec_per_batch: 7e9, n_ops_exec: 500, flops_matmul_exec: 1e12 }), {
    trafficBytes: 7e9,
    kernels: 500,
    flops: 1e12,
  });
  t.equal(workloadOf({ ...row, traffic_bytes_per_sample: 1e6 }).trafficBytes, 96e6);
  t.equal(workloadOf({ ...row, mode: 'inf' }).updateBytes, 0, 'inference updates nothing');
  t.equal(workloadOf({ ...row, optimizer: 'none' }).updateBytes, 0);
  t.equal(workloadOf({ ...row, input_shape: null, img_size: 224, in_channels: 3 }).inputBytes, 32 * 602112);
  t.equal(workloadOf({ ...row, input_shape: null, src_len: 128, tgt_len: 64 }).inputBytes, 32 * 192 * 8);
  const bare = workloadOf({ batch_size: 1, flops_train_per_batch: 1 });
  t.match(bare, { trafficBytes: 0, kernels: 0, parameterBytes: 0, inputBytes: 0 });
  t.equal(memoryNeededBytes(workloadOf(row)), 12e6 + 4e6 + 64e6);
});

t.test('what a row says of its device', async (t) => {
  t.same(hardwareOf(row), {
    name: 'Tesla T4',
    matrixFlopsPerSecond: 8.1e12,
    halfMatrixFlopsPerSecond: 65e12,
    vectorFlopsPerSecond: 8.1e12,
    bytesPerSecond: 320e9,
    memoryBytes: 16e9,
    multiprocessors: 40,
    l2Bytes: 4 * 2 ** 20,
    powerWatts: 70,
  });
  t.match(hardwareOf({ ...row, FP16_matrix: null, 'L2 (MB)': null, 'TDP (W)': null, FP32_matrix: 9000 }), {
    matrixFlopsPerSecond: 9e12,
    halfMatrixFlopsPerSecond: 16.2e12,
    l2Bytes: null,
    powerWatts: null,
  });
});

t.test('absurd rows get a sentence', async (t) => {
  t.throws(() => workloadOf({ ...row, batch_size: -4 }), /batch_size must be a positive number, not '-4'/);
  t.throws(
    () => workloadOf({ ...row, flops_train_per_batch: null }),
    /flops_train_per_batch must be a positive number/,
  );
  t.throws(() => hardwareOf({ ...row, SM: 0 }), /column 'SM' of 'Tesla T4' must be a positive number, not '0'/);
});

t.test('preparing a batch, worked out by hand', async (t) => {
  const loading: Row = {
    ...row,
    vcpu: 4,
    cpu_cap: 2,
    storage: 'cold',
    decode_images_per_s_per_worker: 800,
    storage_read_mbps: 100,
    disk_bytes_per_sample: 50_000,
  };
  const terms = (other: Row) => loaderTermsOf({ ...loading, ...other }, workloadOf(row))!;
  const [decode, fetch, uncached, queued, copy] = terms({});
  near(t, decode!, 20, '32 samples at 800/s by the two workers that have a CPU');
  near(t, fetch!, 8, '1.6 MB by two workers at 100 MB/s');
  near(t, copy!, 393216 / 12e6, 'the batch over the bus');
  t.same([uncached, queued], [0, 0], 'what is read stays in the page cache');
  const [, ordinary, own, shared] = terms({ storage: 'SSD' });
  near(t, ordinary!, 8, 'as above');
  near(t, own!, 8, 'what reading without the page cache costs beyond');
  near(t, shared!, 8, 'two workers save 8 of 16 ms, if they read at the same time');
  t.equal(terms({ storage: 'SSD', vcpu: 1 })[3], 0, 'one worker waits for no other');
  t.equal(terms({ storage: 'NVME' })[1], 0, 'the page cache has it');
  near(t, terms({ decode_images_per_s_per_worker: null })[0]!, 393216 / 100e3 / 2, '100 MB/s per worker');
  t.equal(loaderTermsOf(row, workloadOf(row)), null, 'a row without workers has no loader');
});

t.test('the slower side sets the pace', async (t) => {
  t.equal(joinMs(10, 4, 0), 10);
  t.equal(joinMs(4, 10, 0), 10);
  t.equal(joinMs(4, 10, 1), 14, 'where they take turns, both count');
  t.equal(joinMs(10, 4, 0.5), 12);
});

// [row, coefficients of `deviceTerms`, ms]: what docs/predictor.md works out by hand
const documented: [name: string, work: Row, card: Row, coefficients: number[], ms: number][] = [
  [
    'BERT-large, inference, MI100',
    {
      batch_size: 8,
      flops_matmul_exec: 2.6800764e12,
      bytes_exec_per_batch: 4.40471724e10,
      n_ops_exec: 519,
      mode: 'inf',
    },
    { SM: 120, FP32: 23100, FP32_matrix: 46100, bandwidth: 1229, 'L2 (MB)': 8, 'TDP (W)': 300 },
    [1.4393, 0.42781, 0, 0.74842, 0, 0],
    144.8,
  ],
  [
    'BERT-large, training, L4',
    {
      batch_size: 8,
      flops_matmul_exec: 8.83411e12,
      bytes_exec_per_batch: 1.4779e11,
      n_ops_exec: 2084,
      optimizer: 'none',
    },
    { SM: 58, FP32: 30300, bandwidth: 300, 'L2 (MB)': 48, 'TDP (W)': 72 },
    [1.4393, 0.42781, 0, 0.74842, 0, 0],
    1229.9,
  ],
  [
    'ResNet-50, training, T4',
    {
      batch_size: 64,
      flops_train_per_batch: 4.86876924672e11,
      traffic_bytes_per_sample: 18739332096 / 3 / 64,
      depth: 171,
      param_bytes: 95109008,
      optimizer: 'SGD',
    },
    { SM: 40, FP32: 8100, bandwidth: 320, 'L2 (MB)': 4, 'TDP (W)': 70 },
    [0, 0.53958, 65.263, 1.2664, 1.1547, 4.2111],
    201.0,
  ],
];

t.test('the three cases of docs/predictor.md', async (t) => {
  for (const [name, work, { bandwidth, ...card }, coefficients, expected] of documented) {
    const row = { ...work, ...card, 'GPU Memory Bandwidth (GB/s)': bandwidth!, 'Memory (GB)': 16 };
    const terms = deviceTermsOf(workloadOf(row), hardwareOf(row));
    near(
      t,
      terms.reduce((sum, term, i) => sum + term * coefficients[i]!, 0),
      expected,
      name,
    );
  }
});
