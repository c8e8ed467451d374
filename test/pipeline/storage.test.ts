import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import type { StorageCase } from '#src/measure/storage-suite.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { storage } from '#src/pipeline/storage.js';

const { reason } = nativeStatus();
const skip = reason ? `no addon: ${reason}` : false;

const random = (depth: number): StorageCase => ({
  name: `random 4k depth ${depth}`,
  pattern: 'random',
  blockBytes: 4096,
  depth,
  threads: 1,
});

t.test('a case that fails ends the run and loses nothing of the cases before it', { skip }, async (t) => {
  const folder = t.testdir({});
  const target = path.join(folder, 'data');
  writeFileSync(target, Buffer.alloc(2 ** 20, 5));
  const out = new OutputFolder(path.join(folder, 'out'));
  const options = { engine: 'psync', direct: false, durationMs: 50, seed: 1 } as const;
  // The addon allows no such depth.
  const cases = [random(1), random(2), random(1_000_000)];
  await t.rejects(storage(out, [{ target, cases }], options), { exitCode: 2, message: /depth must be an integer/ });

  const { results } = JSON.parse(readFileSync(out.file('storage.json'), 'utf8'));
  t.same(
    results.map(({ name }: { name: string }) => name),
    ['random 4k depth 1', 'random 4k depth 2'],
  );
  const [header, ...rows] = readFileSync(out.file('storage.csv'), 'utf8').trimEnd().split('\n');
  t.equal(rows.length, 2);
  const column = header!.split(',').indexOf('operations');
  t.same(
    rows.map((row) => Number(row.split(',')[column])),
    results.map(({ measurement }: { measurement: { operations: number } }) => measurement.operations),
  );
});
