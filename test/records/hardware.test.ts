import path from 'node:path';
import t from 'tap';
import { hardwareColumns, type Row } from '#src/base/columns.js';
import { findCard, readCatalogue } from '#src/records/catalogue.js';
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
    // two operations per fused multiply-add, per core and clock
    const fp32 = (card.cores * 2 * card.boost_clock_MHz) / 1000;
    t.ok(Math.abs(Number(card.hardware.FP32) / fp32 - 1) < 0.003, `${card.name}: FP32 ${card.hardware.FP32}, ${fp32}`);
    t.ok([64, 128].includes(card.cores / Number(card.hardware.SM)), `${card.name}: cores per multiprocessor`);
  }
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
