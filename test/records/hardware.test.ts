import path from 'node:path';
import t, { type Test } from 'tap';
import { hardwareColumns, type Row } from '#src/base/columns.js';
import { findCard, readCatalogue } from '#src/records/catalogue.js';
import { withDataSheets } from '#src/records/data-sheet.js';
import { joinHardware, withHardware } from '#src/records/hardware.js';
import { readRecords } from '#src/records/read.js';
import { sharedFolder } from '../support/shared.js';

const catalogue = readCatalogue();

t.test('the catalogue is complete and consistent', async (t) => {
  const spellings = catalogue.flatMap(({ name, aliases }) => [name, ...aliases]);
  for (const spelling of spellings) {
    const owners = catalogue.filter((card) => findCard([card], spelling));
    t.equal(owners.length, 1, `${spelling} names one card`);
  }
  for (const card of catalogue) {
    t.same(Object.keys(card.hardware).sort(), [...hardwareColumns].sort(), card.name);
    t.ok(card.source, `${card.name} names its source`);
    t.ok([64, 128, 192].includes(card.cores / Number(card.hardware.SM)), `${card.name}: cores per multiprocessor`);
  }
});

const within = (t: Test, value: number, expected: number, tolerance: number, what: string) =>
  t.ok(Math.abs(value / expected - 1) < tolerance, `${what}: ${value}, expected ${expected}`);

t.test('rates follow from cores, clocks and buses, where a data sheet gives both', async (t) => {
  for (const { name, hardware, matrix, ...card } of catalogue) {
    if (card.boost_clock_MHz !== null) {
      // two operations per fused multiply-add, per core and clock; AMD's later cores start two at once
      const fp32 = (card.cores * (card.FP32_per_core_clock ?? 2) * card.boost_clock_MHz) / 1000;
      within(t, Number(hardware.FP32), fp32, 0.003, `${name}: FP32`);
    }
    if (card.memory_bus_bits !== null && card.memory_Gbps_per_pin !== null) {
      const bandwidth = (card.memory_bus_bits * card.memory_Gbps_per_pin) / 8;
      within(t, Number(hardware['GPU Memory Bandwidth (GB/s)']), bandwidth, 0.005, `${name}: bandwidth`);
    }
    if (matrix.FP16 === null) continue;
    if (matrix.TF32 !== null) within(t, matrix.FP16, 2 * matrix.TF32, 0.02, `${name}: FP16 twice TF32`);
    if (matrix.INT8 !== null) {
      // once on CDNA 1 and 2, twice on later units, four times where FP32 sums halve the FP16 rate (GeForce)
      const ratio = 2 ** Math.round(Math.log2(matrix.INT8 / matrix.FP16));
      t.ok([1, 2, 4].includes(ratio), `${name}: INT8 per FP16`);
      within(t, matrix.INT8, ratio * matrix.FP16, 0.02, `${name}: INT8`);
    }
    // Matrix rates of Hopper and the TITAN V are given at a lower clock than the others.
    if (card.boost_clock_MHz === null || hardware.gpu_arch === 'Hopper' || name === 'NVIDIA TITAN V') continue;
    const perClock = (matrix.FP16 * 1000) / (card.TC * card.boost_clock_MHz);
    within(t, perClock, 2 ** Math.round(Math.log2(perClock)), 0.02, `${name}: FP16 operations per unit and clock`);
  }
});

t.test('60 cards or more, of both vendors, each figure of one kind in a plausible range', async (t) => {
  t.ok(catalogue.length >= 60, `${catalogue.length} cards`);
  t.ok(catalogue.filter(({ name }) => name.startsWith('AMD')).length >= 10);
  for (const { name, TDP_W, L2_MB, year, hardware } of catalogue) {
    t.ok(year >= 2014 && year <= 2026, `${name}: ${year}`);
    t.ok(TDP_W === null || (TDP_W >= 60 && TDP_W <= 1400), `${name}: ${TDP_W} W`);
    t.ok(L2_MB === null || (L2_MB >= 1.5 && L2_MB <= 128), `${name}: ${L2_MB} MB`);
    t.ok(Number(hardware['Memory (GB)']) >= 6 && Number(hardware['Memory (GB)']) <= 288, `${name}: memory`);
  }
});

t.test('the predictor gets what a data sheet says, a share of the board its share of the power', async (t) => {
  const rows: Row[] = [
    { gpu_name: 'Tesla T4', SM: 40 },
    { gpu_name: 'NVIDIA A100-SXM4-80GB', SM: 54, 'L2 (MB)': 20 },
    { gpu_name: 'AMD Instinct MI100' },
    { gpu_name: 'CPU', SM: 4 },
  ];
  const [t4, half, mi100, cpu] = withDataSheets(rows, catalogue);
  t.same(t4, { gpu_name: 'Tesla T4', SM: 40, FP32_matrix: null, FP16_matrix: 65000, 'L2 (MB)': 4, 'TDP (W)': 70 });
  t.match(half!, { 'L2 (MB)': 20, 'TDP (W)': 200 });
  t.match(mi100!, { FP32_matrix: 46100, 'TDP (W)': 300 });
  t.same(cpu, rows[3]);
});

t.test('names as drivers and people write them', async (t) => {
  const cases: [string, string][] = [
    ['NVIDIA A100-SXM4-80GB', 'NVIDIA A100 80GB SXM4'],
    ['nvidia a100 80gb pcie', 'NVIDIA A100 80GB PCIe'],
    ['NVIDIA H100 80GB HBM3', 'NVIDIA H100 SXM'],
    ['NVIDIA T4', 'Tesla T4'],
    ['GeForce RTX 3090', 'NVIDIA GeForce RTX 3090'],
    ['RTX 4000 Ada', 'NVIDIA RTX 4000 Ada Generation'],
  ];
  for (const [written, name] of cases) t.equal(findCard(catalogue, written)?.name, name, written);
  for (const other of ['NVIDIA L', 'NVIDIA L40 S', 'A100', 'CPU', ''])
    t.equal(findCard(catalogue, other), undefined, other);
});

t.test('absent columns are filled, present ones kept, and the source is written down', async (t) => {
  const rows: Row[] = [
    { gpu_name: 'NVIDIA L4', SM: 1, FP64: null },
    { gpu_name: 'CPU', Bus: null },
    { gpu_name: 'CPU', ...Object.fromEntries(hardwareColumns.map((column) => [column, 5])) },
  ];
  const measured = new Map([['CPU', { SM: 4, FP32: 100, FP64: null }]]);
  const [gpu, cpu, complete] = joinHardware(rows, catalogue, measured);
  t.match(gpu!, { SM: 1, FP64: 473, FP32: 30290, 'Memory Type': 'GDDR6', hardware_source: 'catalogue' });
  t.same(cpu, { gpu_name: 'CPU', Bus: null, SM: 4, FP32: 100, hardware_source: 'measured' });
  t.same(complete, rows[2]);
  t.same(rows[0], { gpu_name: 'NVIDIA L4', SM: 1, FP64: null }, 'the input is left alone');
});

t.test('an unknown GPU is refused with near names, unless its row says what matters', async (t) => {
  t.throws(() => joinHardware([{ gpu_name: 'NVIDIA L4' }, { gpu_name: 'NVIDIA H100 80GB', SM: 132 }], catalogue), {
    name: 'InputError',
    message:
      /^Record 2: the GPU 'NVIDIA H100 80GB' is not in the catalogue and the record lacks GPU Memory Bandwidth \(GB\/s\), Memory \(GB\), FP32; .*Near names: NVIDIA H100 .*\.$/,
  });
  const foreign: Row = {
    gpu_name: 'MI100',
    'GPU Memory Bandwidth (GB/s)': 1229,
    'Memory (GB)': 32,
    SM: 120,
    FP32: 23100,
  };
  t.same(joinHardware([foreign], catalogue), [foreign]);
});

t.test('a table gains the filled columns', async (t) => {
  const table = { columns: ['gpu_name'], rows: [{ gpu_name: 'NVIDIA L4' }], files: ['a.csv'], ignored: 0, emulated: 0 };
  t.same(withHardware(table, catalogue).columns, ['gpu_name', ...hardwareColumns, 'hardware_source']);
});

const parity = sharedFolder('parity');
t.test('the catalogue agrees with the reference records', { skip: parity.skip }, async (t) => {
  for (const family of ['CNN', 'MLP', 'Transformer']) {
    const { rows } = await readRecords([path.join(parity.folder!, `${family}.csv`)], { required: ['gpu_name'] });
    for (const name of new Set(rows.map((row) => String(row.gpu_name)))) {
      const row = rows.find((each) => each.gpu_name === name)!;
      const expected = Object.fromEntries(hardwareColumns.map((column) => [column, row[column]]));
      t.same(findCard(catalogue, name)?.hardware, expected, name);
    }
  }
});
