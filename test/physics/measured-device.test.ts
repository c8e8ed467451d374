import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { columnsOfKnownCard, columnsOfUnknownCard, type MeasuredDevice } from '#src/physics/measured-device.js';

const measured: MeasuredDevice = {
  copyGBps: 900,
  fp32: 19_600,
  fp16: 39_200,
  fp64: 9800,
  matrixFp16: 85_000,
  powerLimitWatts: 200,
  memoryBytes: 16 * 2 ** 30,
  multiprocessors: 50,
  l2Bytes: 20 * 2 ** 20,
};

// 200 W at 10^11 operations per joule are its very fp32 peak: power takes nothing of its matrix rate
const sheet: Row = {
  'GPU Memory Bandwidth (GB/s)': 1000,
  FP32: 20_000,
  FP16: 20_000,
  FP64: 10_000,
  FP16_matrix: 100_000,
  'TDP (W)': 200,
  SM: 50,
};

t.test('a card that reaches what is usual keeps its data sheet, whatever the share', async (t) => {
  t.same(columnsOfKnownCard(measured, sheet).columns, {});
  t.same(columnsOfKnownCard({ ...measured, copyGBps: 0.81 * 1000, fp32: 21_000 }, sheet).columns, {});
});

t.test('one that does not has the data sheet that its rates would come from', async (t) => {
  const { columns, notes } = columnsOfKnownCard({ ...measured, copyGBps: 450, matrixFp16: 42_500 }, sheet);
  t.same(columns, { 'GPU Memory Bandwidth (GB/s)': 500, FP16_matrix: 50_000 });
  t.same(notes, [
    "memory bandwidth: 450 GB/s measured, 45 % of the data sheet's 1000; usual are 90 %: 500 taken as a data sheet's",
    "fp32 rate: 19600 GFLOP/s measured, 98 % of the data sheet's 20000, which is kept, since about 98 % are usual",
    "fp16 matrix rate: 42500 GFLOP/s measured, 43 % of the data sheet's 100000; usual are 85 %: 50000 taken as a data sheet's",
  ]);
});

t.test('what was not measured is that of the data sheet', async (t) => {
  const { columns, notes } = columnsOfKnownCard({ ...measured, copyGBps: null, powerLimitWatts: null }, sheet);
  t.same(columns, {});
  t.equal(notes[0], 'memory bandwidth: not measured; 1000 GB/s of the data sheet are taken');
  const { FP16_matrix: _, ...withoutMatrix } = sheet;
  t.same(columnsOfKnownCard(measured, withoutMatrix).columns, { FP16_matrix: 100_000 }, 'the sheet may not have it');
});

t.test('power: a limit that somebody set, and the share of the matrix rate that it lets through', async (t) => {
  // An eighth of the power is half the clock: half the matrix rate is what this board is expected to reach.
  const limited = columnsOfKnownCard({ ...measured, powerLimitWatts: 25, matrixFp16: 42_500 }, sheet);
  t.same(limited.columns, { 'TDP (W)': 25 });
  t.equal(limited.notes[0], 'power: limited to 25 W of 200 W');
  t.same(
    columnsOfKnownCard({ ...measured, powerLimitWatts: 195 }, sheet).columns,
    {},
    'boards of a kind differ a little',
  );
});

t.test('a card of which nothing else is known: its rates as a data sheet would have them, and its facts', async (t) => {
  t.same(columnsOfUnknownCard(measured).columns, {
    'GPU Memory Bandwidth (GB/s)': 1000,
    'Memory (GB)': 16,
    SM: 50,
    FP32: 20_000,
    FP16: 40_000,
    FP64: 10_000,
    FP16_matrix: 100_000,
    'L2 (MB)': 20,
    'TDP (W)': 200,
  });
  const bare = columnsOfUnknownCard({ ...measured, fp32: null, powerLimitWatts: null });
  t.match(bare.columns, { FP32: null, 'TDP (W)': null, FP16_matrix: 100_000 });
  t.ok(bare.notes.includes('fp32 rate: not known'));
});
