import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual as isSame } from 'node:util';
import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { MersenneTwister } from '#src/base/random.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { host } from '#src/pipeline/host.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { drawMoment, idOf, journalLines, type KilledSweep, recordsBesideJournal, runAndKill } from './kills.js';

// SIGKILL at random moments, resumed each time. The many kills hit a sweep whose trials only wait; ORION_KILLS=50 has the
// second test kill the executable, which trains, as often (minutes).

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-kills-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const dataRoot = path.join(folder, 'data');
t.before(() => prepareDatasets(dataRoot, { samples: 32, datasets: ['CIFAR100'] }));

const never = { afterMs: 600_000 };

/** What differs from one measurement of a trial to the next: its times, and what was measured of the machine. */
const differs =
  /_ms$|^T_|^started_at$|^loader_ratio$|^bottleneck$|^(storage|decode)_.*_per|_mbps$|GB\/s|^FP\d+$|_batches$/;
const lasting = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => !differs.test(name)));
const byId = (rows: Row[]): Row[] =>
  rows.map(lasting).sort((a, b) => (String(a.record_id) < String(b.record_id) ? -1 : 1));

interface Assertions {
  ok(value: unknown, message: string): boolean;
  equal(found: unknown, wanted: unknown, message: string): boolean;
  same(found: unknown, wanted: unknown, message: string): boolean;
  comment(text: string): void;
}

interface Case {
  records: string;
  args: (out: string) => string[];
  kills: number;
  /** Put into the folder before the sweep. */
  given: readonly string[];
  startMs: number;
  changes: number;
  seed: number;
}

async function killAndCompare(t: Assertions, { args, kills, given, ...rest }: Case): Promise<void> {
  const folderOf = (name: string): string => {
    const made = path.join(folder, `${name}-${rest.seed}`);
    mkdirSync(made);
    for (const file of given) copyFileSync(path.join(folder, file), path.join(made, file));
    return made;
  };
  const out = folderOf('killed');
  const random = new MersenneTwister(rest.seed);
  const sweep: KilledSweep = { ...rest, args: [...args(out), '--resume'], out, random };
  const { records } = rest;
  let earlier: string[] = [];
  const met = { torn: 0, behind: 0, leftover: 0, ended: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const { ended } = await runAndKill(sweep, drawMoment(sweep));
    const { lines, torn } = await journalLines(out);
    t.ok(isSame(lines.slice(0, earlier.length), earlier), `kill ${kill}: what was measured before is as it was`);
    if (ended) met.ended++;
    if (torn !== '') met.torn++;
    if (readdirSync(out).includes(records)) {
      const { inFile, inJournal } = await recordsBesideJournal(path.join(out, records), lines);
      t.ok(isSame(inFile, inJournal.slice(0, inFile.length)), `kill ${kill}: the records are the journal's`);
      if (inFile.length < inJournal.length) met.behind++;
    }
    if (readdirSync(out).some((name) => name.endsWith('.tmp'))) met.leftover++;
    earlier = lines;
  }
  t.comment(`of ${kills} kills: ${JSON.stringify(met)}, ${earlier.length} trials measured`);
  await runAndKill(sweep, never);

  const whole = { ...sweep, out: folderOf('whole') };
  await runAndKill({ ...whole, args: args(whole.out) }, never);
  const { lines, torn } = await journalLines(out);
  const uninterrupted = await journalLines(whole.out);
  t.equal(torn, '', 'the journal ends with a whole line');
  t.ok(earlier.length > 0 && earlier.length < lines.length, 'the last kill left trials to be measured');
  t.same(lines.map(idOf).sort(), uninterrupted.lines.map(idOf).sort(), 'the same trials, none lost, none twice');
  const { inFile, inJournal } = await recordsBesideJournal(path.join(out, records), lines);
  t.same(inFile, inJournal, 'the records are the journal');
  const expected = await recordsBesideJournal(path.join(whole.out, records), uninterrupted.lines);
  t.same(byId(inFile), byId(expected.inFile), 'and say what those of the uninterrupted sweep say');
  t.same(readdirSync(out).sort(), [records, ...given, 'trials.jsonl'], 'nothing else is left');
}

const script = path.join(packageRoot, 'dist-test/pipeline/sweep-run.js');

t.test('50 kills of a sweep', (t) => {
  const args = (out: string) => [script, out, dataRoot, '160'];
  return killAndCompare(t, {
    args,
    records: 'MLP_NVIDIA_L4.csv',
    given: [],
    kills: 50,
    startMs: 500,
    changes: 8,
    seed: 1,
  });
});

t.test('a journal that is torn at any byte', async (t) => {
  const out = path.join(folder, 'torn');
  const sweep = { args: [script, out, dataRoot, '12', '--resume'], out };
  await runAndKill(sweep, never);
  const whole = (await journalLines(out)).lines;
  const random = new MersenneTwister(3);
  for (let tear = 0; tear < 4; tear++) {
    const file = path.join(out, 'trials.jsonl');
    // Of the first tear nothing but half a line is left.
    const bytes = tear === 0 ? 40 : random.interval(statSync(file).size - 1);
    truncateSync(file, bytes);
    const kept = (await journalLines(out)).lines;
    await runAndKill(sweep, never);
    const { lines, torn } = await journalLines(out);
    t.same(lines.slice(0, kept.length), kept, `cut at byte ${bytes}: whole lines are kept`);
    t.same([lines.map(idOf).sort(), torn], [whole.map(idOf).sort(), ''], 'and each other trial is measured once');
    const { inFile, inJournal } = await recordsBesideJournal(path.join(out, 'MLP_NVIDIA_L4.csv'), lines);
    t.same(inFile, inJournal, 'the records are the journal');
  }
});

const { reason } = nativeStatus();

t.test('kills of the executable', { skip: reason ? `no addon: ${reason}` : false }, async (t) => {
  // Each process would measure the host until a trial is recorded.
  await host(new OutputFolder(folder), 1);
  const kills = Number(process.env.ORION_KILLS ?? 3);
  const rates = Array.from({ length: 8 * kills }, (_, index) => String((index + 1) / 1000));
  const args = (out: string) => [
    ...[path.join(packageRoot, 'dist/cli/bin.cjs'), 'generate', 'mlp', '--preset', 'quick', '--device', 'cpu'],
    ...['--datasets', 'CIFAR100', '--depth', '1', '--embed-dims', '16', '--batch-sizes', '2', '--workers', '1'],
    ...['--warmup', '0', '--measure', '1', '--phases', 'none'],
    ...['--data-root', dataRoot, '--out', out, '--lrs', ...rates],
  ];
  return killAndCompare(t, {
    args,
    records: 'MLP_CPU.csv',
    given: ['host.json'],
    kills,
    startMs: 2_500,
    changes: 12,
    seed: 8,
  });
});
