import { readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { columnsOf, type Family, families, familyLabel, type Row } from '#src/base/columns.js';
import { MersenneTwister } from '#src/base/random.js';
import { Frame } from '#src/features/frame.js';
import type { FeatureMatrix } from '#src/features/matrix.js';
import { orionMatrix } from '#src/features/orion.js';
import { prenetMatrix } from '#src/features/prenet.js';
import { mayBeFeature } from '#src/features/source.js';
import { filledWithMedian, skewness } from '#src/features/statistics.js';
import { addBatchFeatures } from '#src/features/steps/batch.js';
import { addNameFlags, architectureFamily } from '#src/features/steps/gpu-name.js';
import { addLogarithms } from '#src/features/steps/log1p.js';
import { addOneHot } from '#src/features/steps/one-hot.js';
import { readRecords } from '#src/records/read.js';
import { pythonWith, runPython } from '../support/python.js';
import { sharedFolder } from '../support/shared.js';

const parity = sharedFolder('parity');
const pandas = pythonWith('pandas');

const parityTable = (family: Family) =>
  readRecords([path.join(parity.folder!, `${familyLabel[family]}.csv`)], { family, required: [] });

function columnOf(matrix: FeatureMatrix, name: string): number[] {
  const index = matrix.names.indexOf(name);
  return Array.from({ length: matrix.rows }, (_, row) => matrix.data[row * matrix.names.length + index]!);
}

t.test('columns of both recipes are the original ones, in order', { skip: parity.skip }, async (t) => {
  for (const family of families) {
    const file = path.join(parity.folder!, `features_${familyLabel[family]}.json`);
    const expected = JSON.parse(await readFile(file, 'utf8')) as { orion: string[]; prenet: string[] };
    const source = { family, ...(await parityTable(family)) };
    t.same(orionMatrix(source).names, expected.orion, `${family}: orion`);
    t.same(prenetMatrix(source).names, expected.prenet, `${family}: prenet`);
  }
});

// The formulas of the recipe once more, with pandas; skewness is pandas' own.
const recompute = `
import sys, json, numpy as np, pandas as pd
d = pd.read_csv(sys.argv[1], float_precision='round_trip')
B, BW, GB = d.batch_size, d['GPU Memory Bandwidth (GB/s)'], d['Memory (GB)']
F = d.flops_train_per_batch
unit = 'seq' if 'seq_len' in d else 'sample'
act = d[f'act_bytes_per_{unit}_proxy']
amp = d.get('amp', d.get('amp_enabled')).astype(int)
pressure = (d.total_state_bytes + B * act) / (GB * 1024**3)
out = {
  'flops_to_bw_ratio': F / BW, 'ai_over_fp32': d.arithmetic_intensity_train / d.FP32, 'bw_per_gb': BW / GB,
  'Memory Type_HBM2e': d['Memory Type'].eq('HBM2e').astype(int), 'storage_SSD': d.storage.eq('SSD').astype(int),
  'arch_Hopper': d.gpu_name.str.contains('H100').astype(int), 'is_pcie': d.gpu_name.str.contains('PCIe').astype(int),
  'FP16_per_trainflop': d.FP16 / F, 'log2_batch_size': np.log2(B), 'batch_bin_medium': ((B > 32) & (B <= 128)).astype(int),
  'B_per_SM': B / d.SM, 'B_times_BW': B * BW, 'mem_pressure': pressure, 'mem_headroom': (1 - pressure).clip(0, 1),
  'roof_time_ms': np.maximum(F / (np.where(amp == 1, d.FP16, d.FP32) * 1e9), B * act / (BW * 1e9)) * 1000,
  'B_times_arch_Hopper': B * d.gpu_name.str.contains('H100'),
  'log1p__flops_to_bw_ratio': np.log1p(F / BW), 'vcpu': d.vcpu,
}
if unit == 'seq': out['eff_seq_len'] = d.seq_len.fillna(d.tgt_len).fillna(d.src_len)
print(json.dumps({'values': {k: np.asarray(v, float).tolist() for k, v in out.items()},
  'skew': {c: d[c].astype(float).skew() for c in d.select_dtypes(['number', 'bool']).columns if d[c].count() > 2}}))`;

t.test('values are those that pandas computes', { skip: parity.skip || pandas.skip }, async (t) => {
  for (const family of families) {
    const file = path.join(parity.folder!, `${familyLabel[family]}.csv`);
    const expected = JSON.parse(runPython(pandas.python!, recompute, [file])) as {
      values: Record<string, number[]>;
      skew: Record<string, number>;
    };
    const table = await parityTable(family);
    const matrix = orionMatrix({ family, ...table });
    for (const [name, values] of Object.entries(expected.values)) {
      const ours = columnOf(matrix, name);
      const worst = Math.max(
        ...values.map((value, row) => Math.abs(ours[row]! - value) / Math.max(Math.abs(value), 1e-300)),
      );
      t.ok(worst < 1e-12, `${family}: ${name} is within ${worst}`);
    }
    for (const [name, expectedSkew] of Object.entries(expected.skew)) {
      const values = table.rows.map((row) => (row[name] === null ? Number.NaN : Number(row[name])));
      const skew = skewness(Float64Array.from(values));
      t.ok(Math.abs(skew - expectedSkew) < 1e-9, `${family}: skewness of ${name}, ${skew}`);
    }
  }
});

t.test('skewness: small samples, constants and rounding noise', async (t) => {
  // pandas.Series([1, 2, 4]).skew() and ([1, 2, 4, 9]).skew()
  t.ok(Math.abs(skewness(Float64Array.of(1, 2, 4)) - 0.9352195295828238) < 1e-12);
  t.ok(Math.abs(skewness(Float64Array.of(1, 2, Number.NaN, 4, 9)) - 1.3309377322476703) < 1e-12);
  t.equal(skewness(Float64Array.of(3, 3, 3, 3)), 0);
  t.equal(skewness(Float64Array.of(1e-9, 2e-9, 9e-9)), 0, 'sums of powers below 1e-14 count as nothing');
  t.ok(Number.isNaN(skewness(Float64Array.of(1, 2))));
});

t.test('log1p takes skewed, non-negative, non-binary columns alone', async (t) => {
  const frame = new Frame(8);
  frame.set('skewed', Float64Array.of(1, 1, 1, 1, 1, 1, 2, 50));
  frame.set('symmetric', Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  frame.set('binary', Float64Array.of(0, 0, 0, 0, 0, 0, 0, 1));
  frame.set('negative', Float64Array.of(-1, 1, 1, 1, 1, 1, 2, 50));
  frame.set('gaps', Float64Array.of(1, 1, 1, 1, 1, Number.NaN, 2, 50));
  addLogarithms(frame);
  t.same(frame.names.slice(5), ['log1p__skewed', 'log1p__gaps']);
  t.equal(frame.get('log1p__skewed')![7], Math.log1p(50));
  t.ok(Number.isNaN(frame.get('log1p__gaps')![5]));
});

t.test('one-hot drops the first of the sorted levels; no level is zero everywhere', async (t) => {
  const frame = new Frame(4);
  addOneHot(frame, 'Bus', ['PCIe 5.0', null, 'PCIe 4.0', 'SXM']);
  t.same(frame.names, ['Bus_PCIe 5.0', 'Bus_SXM']);
  t.same([...frame.get('Bus_PCIe 5.0')!], [1, 0, 0, 0]);
});

t.test("a GPU's name tells its architecture", async (t) => {
  const cases: Record<string, string> = {
    'NVIDIA H100 80GB HBM3': 'Hopper',
    'NVIDIA GH200 480GB': 'Hopper',
    'NVIDIA L4': 'Ada',
    'NVIDIA L40S': 'Ada',
    'NVIDIA RTX 4000 Ada Generation': 'Ada',
    'NVIDIA GeForce RTX 5090': 'Ada',
    'NVIDIA A40': 'Ampere',
    'NVIDIA A100-SXM4-80GB': 'Ampere',
    'NVIDIA RTX A6000': 'Ampere',
    'Tesla T4': 'Turing',
    'Tesla P100-PCIE-16GB': 'Pascal',
    'Tesla V100-SXM2-16GB': 'Unknown',
    CPU: 'Unknown',
  };
  for (const [name, family] of Object.entries(cases)) t.equal(architectureFamily(name), family, name);

  const names = ['Tesla V100-SXM2-16GB', 'Tesla P4', 'NVIDIA A100 80GB PCIe', 'NVIDIA GeForce RTX 3090', null];
  const frame = new Frame(names.length);
  addNameFlags(frame, names, ['HBM2', 'GDDR5', 'HBM2e', 'GDDR6X', null]);
  const flags = (name: string) => [...frame.get(name)!];
  t.same(flags('has_tensor_cores'), [1, 0, 1, 0, 0], 'the original finds them on data-centre cards alone');
  t.same(flags('is_pcie'), [0, 0, 1, 0, 0]);
  t.same(flags('is_sxm'), [1, 0, 0, 0, 0]);
  t.same(flags('is_datacenter'), [1, 1, 1, 0, 0]);
  t.same(flags('has_HBM'), [1, 0, 1, 0, 0]);
});

t.test('a batch against the device, worked by hand', async (t) => {
  const frame = new Frame(3);
  const columns: Record<string, number[]> = {
    batch_size: [32, 128, 256],
    amp: [1, 0, 0],
    has_tensor_cores: [1, 1, 0],
    total_state_bytes: [0, 1024 ** 3, 0],
    act_bytes_per_sample_proxy: [0, 1024 ** 3 / 128, 1024 ** 3],
    flops_train_per_batch: [4e12, 4e12, 0],
    'Memory (GB)': [2, Number.NaN, 2],
    'GPU Memory Bandwidth (GB/s)': [100, 100, 1024],
    SM: [16, Number.NaN, 32],
    FP16: [4000, 4000, 4000],
    FP32: [1000, 1000, 1000],
  };
  for (const [name, values] of Object.entries(columns)) frame.set(name, Float64Array.from(values));
  addBatchFeatures(frame, 'cnn');
  const column = (name: string) => [...frame.get(name)!];
  t.same(column('log2_batch_size'), [5, 7, 8]);
  t.same(
    [column('batch_bin_small'), column('batch_bin_medium'), column('batch_bin_large')],
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  );
  t.same(column('B_per_SM'), [2, 128 / 24, 8], 'a gap takes the median of the file');
  t.same(column('mem_pressure'), [0, 1, 128]);
  t.same(column('mem_headroom'), [1, 0, 0]);
  t.same(column('near_vram_limit'), [0, 1, 1]);
  t.same(column('tc_util_proxy'), [1, 0, 0]);
  const memoryBoundMs = (256 * 1024 ** 3 * 1000) / 1.024e12;
  t.same(
    column('roof_time_ms').map((value) => value.toFixed(9)),
    [1000, 4000, memoryBoundMs].map((value) => value.toFixed(9)),
  );
  t.same(column('B_times_tc'), [32, 0, 0]);
  t.same(column('B_times_arch_Ada'), [0, 0, 0]);
  t.same([...filledWithMedian(Float64Array.of(1, Number.NaN, 4, 2))], [1, 2, 4, 2]);
});

/** Rows with every column of the schema filled: workload and hardware from a small grid, everything else at random. */
function fullRows(family: Family, seed: number): Row[] {
  const random = new MersenneTwister(seed);
  return Array.from({ length: 12 }, (_, index) =>
    Object.fromEntries(
      columnsOf(family).map(({ name, type, group }) => {
        const level =
          group === 'timing' || group === 'provenance' ? random.interval(1000) : (index * 7 + name.length) % 5;
        if (type === 'text') return [name, `${name} ${level}`];
        return [name, type === 'boolean' ? level % 2 === 0 : level + 1];
      }),
    ),
  );
}

t.test('nothing measured and no provenance reaches a matrix', async (t) => {
  for (const family of families) {
    const columns = columnsOf(family).map(({ name }) => name);
    const [a, b] = [1, 2].map((seed) => ({ family, columns, rows: fullRows(family, seed) }));
    t.same(orionMatrix(b!), orionMatrix(a!), `${family}: orion`);
    t.same(prenetMatrix(b!), prenetMatrix(a!), `${family}: prenet`);

    const original = columnsOf(family).filter(({ group }) => group !== 'timing' && group !== 'provenance');
    const alone = { family, columns: original.map(({ name }) => name), rows: a!.rows };
    t.same(orionMatrix(alone), orionMatrix(a!), `${family}: the same without those columns`);
    t.notOk(prenetMatrix(a!).names.some((name) => /vcpu|storage/.test(name)));
  }
  for (const foreign of ['T_fwd_ms', 'peer_neusight_ms', 'samples_per_sec', 'epoch_time', 'wall_s', 'read_mbps']) {
    t.notOk(mayBeFeature(foreign), foreign);
  }
  for (const foreign of ['L2 (MB)', 'TC', 'n_conv', 'runtime_version_major']) t.ok(mayBeFeature(foreign), foreign);
});

t.test('columns that a file lacks are done without', async (t) => {
  const columns = ['model', 'batch_size', 'flops_train_per_batch', 'gpu_name', 'FP32'];
  const rows: Row[] = [
    { model: 'm', batch_size: 1, flops_train_per_batch: 10, gpu_name: 'NVIDIA L4', FP32: 2 },
    { model: 'm', batch_size: 2, flops_train_per_batch: 20, gpu_name: 'NVIDIA L4', FP32: null },
  ];
  const matrix = orionMatrix({ family: 'cnn', columns, rows });
  t.notOk(matrix.names.some((name) => /FP16|bw|storage|mem_|roof/i.test(name)));
  t.same(columnOf(matrix, 'flops_to_FP32_ratio'), [5, Number.NaN]);
  t.equal(matrix.data.length, matrix.rows * matrix.names.length);
});
