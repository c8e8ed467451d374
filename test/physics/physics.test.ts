import t, { type Test } from 'tap';
import type { Row } from '#src/base/columns.js';
import { type DeviceTerm, deviceTerms, deviceTermsOf, plainRooflineMs } from '#src/physics/device-terms.js';
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
  classes: {
    matrix: { flops: 5e11, bytes: 1e10 },
    convolution: { flops: 1.5e12, bytes: 2e10 },
    embedding: { flops: 0, bytes: 1e10 },
    pointwise: { flops: 3e11, bytes: 6e10 },
  },
  divided: true,
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

const termsOf = (workload: Workload, hardware: Hardware): Record<string, number> =>
  Object.fromEntries(deviceTermsOf(workload, hardware).map((value, i) => [deviceTerms[i]!, value]));

t.test('terms of a step, worked out by hand', async (t) => {
  const expected: Record<DeviceTerm, number> = {
    roofline: 244.73, // 0.2 s arithmetic and 0.1 s memory: (0.2^1.5 + 0.1^1.5)^(2/3)
    vector: 10, // 1e11 element-wise operations
    matrix: 52.92, // (0.05^1.5 + 0.01^1.5)^(2/3)
    convolution: 154.81, // (0.15^1.5 + 0.02^1.5)^(2/3)
    pointwise: 83.42, // (0.03^1.5 + 0.06^1.5)^(2/3), and 0.01 s for the embedding
    undivided: 0, // its classes are told apart
    refill: 62.5, // 2e12 / 32 bytes
    launch: 10,
    idle: 11.185, // 1000 / 3 products, half a wave of 40 x 16.78e6 FLOPs each
    iteration: 1,
    update: 3,
  };
  for (const [term, value] of Object.entries(termsOf(work, device))) near(t, value, expected[term as DeviceTerm], term);
  near(t, termsOf(work, { ...device, l2Bytes: 16 * 2 ** 20 }).refill!, 31.25, 'four times the cache, half the refill');
  // 1e9 FLOPs in a third of 10 kernels are 0.447 waves: each leaves 0.553 of one idle
  near(t, termsOf({ ...work, flops: 1e9, kernels: 10 }, device).idle!, 0.1237, 'less than one wave');
  t.equal(termsOf({ ...work, divided: false }, device).undivided, 10, 'element-wise, where classes are not told apart');
  t.equal(termsOf({ ...work, kernels: 0 }, device).idle, 0, 'kernels are not known');
  const { roofline } = termsOf(work, { ...device, powerWatts: 800 });
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
    classes: {
      matrix: { flops: 0, bytes: 0 },
      convolution: { flops: 3e12, bytes: 3 * 2 * 32e6 },
      embedding: { flops: 0, bytes: 0 },
      pointwise: { flops: 0, bytes: 0 },
    },
    divided: false,
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
  const counted = {
    bytes_exec_per_batch: 7e9,
    flops_exec_per_batch: 2e12,
    flops_matmul_exec: 1e12,
    bytes_matmul_exec: 1e9,
    flops_conv_exec: 5e11,
    bytes_conv_exec: 2e9,
    bytes_embedding_exec: 5e8,
  };
  t.match(workloadOf({ ...row, ...counted }), {
    flops: 1.5e12,
    trafficBytes: 7e9,
    divided: true,
    classes: {
      matrix: { flops: 1e12, bytes: 1e9 },
      convolution: { flops: 5e11, bytes: 2e9 },
      embedding: { flops: 0, bytes: 5e8 },
      pointwise: { flops: 5e11, bytes: 3.5e9 },
    },
  });
  const { matrix } = workloadOf({ ...row, architecture: 'Transformer' }).classes;
  t.same(matrix, { flops: 3e12, bytes: 192e6 }, 'a Transformer is all matrix products where nothing is told');
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

// [name, work, card, coefficients, ms]: what docs/predictor.md works out by hand
const documented: [
  name: string,
  work: Row,
  card: Row,
  coefficients: Partial<Record<DeviceTerm, number>>,
  ms: number,
][] = [
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
    { roofline: 1.4393, refill: 0.42781, launch: 0.74842 },
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
    { roofline: 1.4393, refill: 0.42781, launch: 0.74842 },
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
    { refill: 0.53958, vector: 65.263, launch: 1.2664, iteration: 1.1547, update: 4.2111 },
    201.0,
  ],
  [
    'ResNet-50, training, by class, two CPUs',
    {
      batch_size: 32,
      n_ops_exec: 525,
      flops_exec_per_batch: 64446016512,
      bytes_exec_per_batch: 2824835808,
      flops_matmul_exec: 78643200,
      bytes_matmul_exec: 5780832,
      flops_conv_exec: 64059604992,
      bytes_conv_exec: 964081920,
      param_bytes: 95671328,
      optimizer_state_bytes: 95671328,
      optimizer: 'SGD',
    },
    { SM: 2, FP32: 431.57, bandwidth: 55.867 },
    { matrix: 1.0342, convolution: 1.7027, pointwise: 5.1111, launch: 1.3969, iteration: 5.5662, update: 5.3446 },
    488.3,
  ],
];

t.test('the four cases of docs/predictor.md', async (t) => {
  for (const [name, work, { bandwidth, ...card }, coefficients, expected] of documented) {
    const row = { ...work, ...card, 'GPU Memory Bandwidth (GB/s)': bandwidth!, 'Memory (GB)': 16 };
    const terms = termsOf(workloadOf(row), hardwareOf(row));
    const estimate = Object.entries(coefficients).reduce((sum, [term, value]) => sum + value * terms[term]!, 0);
    near(t, estimate, expected, name);
  }
});
