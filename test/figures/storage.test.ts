import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { packageRoot } from '#src/base/package.js';
import { planFigures, renderFigure } from '#src/figures/index.js';
import { layOut } from '#src/figures/render.js';
import { storagePoints } from '#src/figures/storage.js';
import { outside, overlaps, sceneOf } from './scene.js';

const row = (pattern: string, kibibytes: number, depth: number, perSecond: number, more: Row = {}): Row => ({
  ...{ target: '/data/set', case: `${pattern} ${kibibytes}k depth ${depth}`, pattern, depth, threads: 1, direct: true },
  ...{ block_bytes: kibibytes * 1024, bytes_per_s: perSecond * kibibytes * 1024 },
  ...{
    latency_p99_ns: (2e9 * depth) / perSecond,
    served_by: 'device',
    file_system: 'ext4',
    disks: 'nvme0n1 (Some SSD)',
  },
  ...more,
});

const suite = [
  ...[1, 8, 32].flatMap((depth) => [row('random', 4, depth, 9000 * depth), row('random', 128, depth, 3000 + depth)]),
  row('sequential', 1024, 8, 1500),
  row('files', 256, 1, 900, { threads: 4, served_by: 'page cache' }),
];

const figuresOf = (storage: Row[]) => planFigures({ families: [], storage });

t.test('points: lines by pattern and block size, against depth times threads', async (t) => {
  const rows = [
    row('random', 1024, 1, 100),
    row('random', 4, 8, 1000, { threads: 4 }),
    row('files', 256, 1, 10),
    row('random', 4, 1, 500),
  ];
  t.strictSame(storagePoints(rows), [
    { series: 'Whole files', readsInFlight: 1, megabytesPerSecond: 2.62144, p99Ms: 200 },
    { series: 'Random 4 KiB', readsInFlight: 1, megabytesPerSecond: 2.048, p99Ms: 4 },
    { series: 'Random 4 KiB', readsInFlight: 32, megabytesPerSecond: 4.096, p99Ms: 16 },
    { series: 'Random 1 MiB', readsInFlight: 1, megabytesPerSecond: 104.8576, p99Ms: 20 },
  ]);
});

t.test('a page for each target; cases that failed are left out', async (t) => {
  const failed = row('random', 4, 1, 1, { failure: 'A read failed.' });
  const { figures } = figuresOf([...suite, failed, row('random', 4, 1, 100, { target: '/dev/sdb' })]);
  t.strictSame(
    figures.map(({ name, title }) => [name, title]),
    [
      ['storage', 'Storage: throughput and p99 latency (1 of 2)'],
      ['storage-2', 'Storage: throughput and p99 latency (2 of 2)'],
    ],
  );
  t.match(figures[0]!.caption, / of 9 cases\.$/);
  t.strictSame(figuresOf([failed]), {
    figures: [],
    leftOut: [{ name: 'storage', reason: 'no storage case was measured: run storage first' }],
  });
});

const shapes = {
  suite,
  'one case': [row('random', 4, 1, 9000)],
  'slow and deep': [row('random', 4, 1, 1), row('sequential', 1024, 4096, 90_000)],
  'a long name': [row('random', 4, 1, 9000, { target: `/data/${'deep/'.repeat(40)}` })],
};

for (const [name, rows] of Object.entries(shapes)) {
  t.test(`a page wide, and nothing overlaps or is cut off: ${name}`, async (t) => {
    const { spec } = figuresOf(rows).figures[0]!;
    const { svg } = await renderFigure(spec, ['svg']);
    const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg!)!.map(Number);
    t.equal(width, 504);
    const view = await layOut(spec);
    const { texts } = sceneOf(view);
    view.finalize();
    t.ok(texts.length >= 10);
    t.strictSame(outside({ width: width!, height: height!, texts, bars: [] }, texts), []);
    t.strictSame(overlaps(texts, texts), []);
  });
}

t.test('golden specification', async (t) => {
  const file = path.join(packageRoot, 'test/fixtures/figures/storage.vl.json');
  const { spec } = figuresOf(suite).figures[0]!;
  if (process.env.UPDATE_FIXTURES === '1') {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(spec, null, 2)}\n`);
  }
  if (!existsSync(file)) t.fail(`${file} is missing: run with UPDATE_FIXTURES=1`);
  else t.strictSame(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(spec)));
});
