import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { GpuCase, GpuMeasurement } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import type { GpuDocument } from '#src/measure/gpu-document.js';
import { fingerprintOf } from '#src/measure/gpu-fingerprint.js';
import { suitesOf } from '#src/measure/gpu-suite.js';

// Made up, with round numbers: no GPU ran it.
const file = path.join(packageRoot, 'test/fixtures/gpu/suite.json');
const { device, measurements } = (JSON.parse(readFileSync(file, 'utf8')) as GpuDocument).devices[0]!;

t.test('the fingerprint of the made-up suite, number by number', async (t) => {
  const found = fingerprintOf(device, measurements);
  t.same(found, {
    memory_gb_per_s: { copy: 920, read: 950, write: 900, triad: 910 },
    memory_share_of_theory: 0.92,
    l2_gb_per_s: { copy: 4000, read: null, write: null, triad: null },
    copy_by_working_set: [
      { kib: 512, gb_per_s: 5000 },
      { kib: 2048, gb_per_s: 4000 },
    ],
    shared_gb_per_s: 15_000,
    fma_gflop_per_s: { fp64: 9500, fp32: 19_000, fp16: 38_000 },
    // tf32 gave a wrong answer: no rate
    matrix_gflop_per_s: { fp16: 100_000, bf16: null, tf32: null, int8: 200_000 },
    // 2 x 1024^3 / 20 us
    library_gflop_per_s: { fp16: 107_374 },
    latency_ns: { l1: 20, l2: null, dram: 500 },
    // 0.5 ns an addition
    atomics_g_per_s: { same_address: 2, spread: null, shared: null },
    launch_us: {
      empty_kernel: 2,
      empty_kernel_in_graph: null,
      latency: 6,
      back_to_back: 2.5,
      event_record: null,
      graph: 8,
      kernel_of_graph_of_100: null,
    },
    transfer_gb_per_s: {
      h2d_pinned: 24,
      d2h_pinned: null,
      h2d_pageable: null,
      d2h_pageable: null,
      both_pinned: null,
    },
    training: [
      // half as fast as the library; tf32 has no ceiling that can be trusted; softmax: 33.554 MB / 50 us of 920 GB/s
      {
        case: 'gemm-1024x1024x1024-fp16',
        precision: 'fp16',
        gflop_per_s: 53_687.1,
        gb_per_s: 157.286,
        share_of_ceiling: found.training[0]!.share_of_ceiling,
      },
      {
        case: 'gemm-1024x1024x1024-tf32',
        precision: 'tf32',
        gflop_per_s: 42_949.7,
        gb_per_s: 251.658,
        share_of_ceiling: null,
      },
      {
        case: 'softmax-4096x1024',
        precision: 'fp32',
        gflop_per_s: null,
        gb_per_s: 671.089,
        share_of_ceiling: 0.729445,
      },
    ],
    // 18 TFLOP/s over 900 GB/s
    roofline: {
      peak_gflop_per_s: 18_000,
      bandwidth_gb_per_s: 900,
      ridge_flop_per_byte: 20,
      points: [
        { flop_per_byte: 1, gflop_per_s: 900, share_of_roof: 1 },
        { flop_per_byte: 62.069, gflop_per_s: 18_000, share_of_roof: 1 },
      ],
    },
    power_limit_w: 200,
    all_throttled: ['fma-fp64'],
    unusable: [
      { case: 'matrix-tf32', reason: 'wrong answer: off by 0.5, and 0.001 is allowed' },
      { case: 'd2h-pinned', reason: 'failed: not enough memory for 1073741824 bytes on the device.' },
      { case: 'cudnn-conv-64x56x56-fp16', reason: 'skipped: cuDNN was not found.' },
    ],
  });
  t.ok(Math.abs(found.training[0]!.share_of_ceiling! - 0.5) < 1e-5);
});

t.test(
  'the best of several matrix kernels counts, and the power limit of a board is not that of its slice',
  async (t) => {
    const fp16 = measurements.find(({ name }) => name === 'matrix-fp16')!;
    const faster = { ...fp16, name: 'matrix-fp16-wide', operationsPerSecond: 120e12 };
    const wrong: GpuMeasurement = {
      ...faster,
      name: 'matrix-fp16-wrong',
      operationsPerSecond: 500e12,
      answer: { correct: false, error: null, tolerance: 0 },
    };
    const slice = { ...device, uuid: 'MIG-00000000-0000-0000-0000-000000000000', theoreticalBytesPerSecond: 0 };
    const found = fingerprintOf(slice, [...measurements, faster, wrong]);
    t.equal(found.matrix_gflop_per_s.fp16, 120_000);
    t.equal(found.power_limit_w, null);
    t.equal(found.memory_share_of_theory, null, 'the driver told no clock');
    t.match(found.unusable, [
      { case: 'matrix-tf32' },
      {},
      {},
      { reason: 'wrong answer: off by NaN, and 0 is allowed' },
    ]);
  },
);

t.test('a point below the roof, and its share of it', async (t) => {
  const sweep = measurements.filter(({ group }) => group === 'roofline');
  // 8 FLOPs a byte at 675 GB/s: 5,400 of min(18,000, 8 x 900 = 7,200)
  const below = { bytesPerLaunch: 1e9, operationsPerLaunch: 8e9, bytesPerSecond: 675e9, operationsPerSecond: 5.4e12 };
  const { points } = fingerprintOf(device, [{ ...sweep[1]!, ...below, name: 'roofline-8' }, ...sweep]).roofline;
  t.same(points[1], { flop_per_byte: 8, gflop_per_s: 5400, share_of_roof: 0.75 });
});

t.test('of nothing there is nothing', async (t) => {
  const { memory_gb_per_s, roofline, training, unusable } = fingerprintOf(device, []);
  t.same(memory_gb_per_s, { copy: null, read: null, write: null, triad: null });
  t.same(roofline, { peak_gflop_per_s: null, bandwidth_gb_per_s: null, ridge_flop_per_byte: null, points: [] });
  t.same([training, unusable], [[], []]);
});

t.test('which cases are measured on which device', async (t) => {
  const single = (name: string, quick: boolean): GpuCase => ({
    ...{ name, quick, group: 'memory', description: name, mode: 'cold', precision: '', stepName: '' },
  });
  const large = [single('copy', true), single('bf16', true), single('sweep', false)];
  const small = [single('copy', true), single('sweep', false)];
  const names = (choice: Parameters<typeof suitesOf>[1]) =>
    suitesOf([large, small], choice).map(({ cases, missing }) => [
      cases.map(({ name }) => name),
      missing.map(({ name, status }: GpuMeasurement) => `${name} ${status}`),
    ]);
  t.same(names('quick'), [
    [['copy', 'bf16'], []],
    [['copy'], []],
  ]);
  t.same(names('full')[0], [['copy', 'bf16', 'sweep'], []]);
  t.same(names({ cases: ['SWEEP', 'bf16', 'sweep'] }), [
    [['bf16', 'sweep'], []],
    [['sweep'], ['bf16 skipped']],
  ]);
  t.throws(() => names({ cases: ['cpoy'] }), {
    exitCode: 2,
    message: /--case does not know 'cpoy' \(did you mean 'copy'\?\): choose from copy, bf16, sweep\./,
  });
});
