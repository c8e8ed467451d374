import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { host } from '#src/pipeline/host.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { SmallDisk } from '../support/small-disk.js';
import { idOf, journalLines, recordsBesideJournal } from './kills.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-full-'));
const { disk, skip } = SmallDisk.mount(1 << 20);
t.teardown(() => {
  disk?.unmount();
  rmSync(folder, { recursive: true, force: true });
});
t.before(() => prepareDatasets(folder, { samples: 32, datasets: ['CIFAR100'] }));

function run(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { exit: status, stderr };
}

const script = path.join(packageRoot, 'dist-test/pipeline/sweep-run.js');
const trials = 24;

t.test('a disk that fills up anywhere in a sweep', { skip }, async (t) => {
  const told = new Set<string>();
  // A trial takes half a page of the journal; the records file is written anew beside the old one.
  for (const pages of [0, 1, 4, 9]) {
    const out = path.join(disk!.folder, `pages-${pages}`);
    const sweep = [script, out, folder, String(trials), '--resume'];
    disk!.leave(pages * 4096);
    const full = run(...sweep);
    t.equal(full.exit, 2, `${pages} pages are too few`);
    const [, file] = /^(\S+) cannot be written: the disk is full: free some space/.exec(full.stderr) ?? [];
    told.add(path.basename(file ?? full.stderr));
    const { lines, torn } = await journalLines(out);
    t.equal(torn, '', 'the journal ends with a whole line');
    t.ok(lines.length < trials);
    const records = path.join(out, 'MLP_NVIDIA_L4.csv');
    if (existsSync(records)) {
      const { inFile, inJournal } = await recordsBesideJournal(records, lines);
      t.same(inFile, inJournal.slice(0, inFile.length), 'the records can be read');
    }

    disk!.free();
    t.equal(run(...sweep).exit, 0, 'with room it goes on');
    const whole = await journalLines(out);
    t.same(whole.lines.slice(0, lines.length), lines, 'what was measured is kept');
    t.equal(new Set(whole.lines.map(idOf)).size, trials, 'none lost');
    t.equal(whole.lines.length, trials, 'none twice');
    const { inFile, inJournal } = await recordsBesideJournal(records, whole.lines);
    t.same(inFile, inJournal);
    t.same(readdirSync(out).sort(), ['MLP_NVIDIA_L4.csv', 'trials.jsonl'], 'nothing else is left');
    rmSync(out, { recursive: true });
  }
  t.same([...told].sort(), ['MLP_NVIDIA_L4.csv', 'trials.jsonl'], 'either file is met');
});

t.test('the executable on a full disk', { skip }, async (t) => {
  const out = path.join(disk!.folder, 'trained');
  // Neither process has to measure the host, which takes seconds.
  if (nativeStatus().addon) await host(new OutputFolder(out), 1);
  const generate = [path.join(packageRoot, 'dist/cli/bin.cjs'), 'generate', 'mlp', '--preset', 'quick'];
  const tiny = ['--datasets', 'CIFAR100', '--depth', '1', '--embed-dims', '16', '--batch-sizes', '2', '4'];
  const short = ['--warmup', '0', '--measure', '1', '--phases', 'none'];
  const sweep = [...generate, ...tiny, ...short, '--device', 'cpu', '--data-root', folder, '--out', out, '--resume'];
  disk!.leave(24 * 1024);
  const full = run(...sweep);
  t.equal(full.exit, 2);
  const sentences = full.stderr.split('\n').filter((line) => line.startsWith('orion-bench: '));
  t.equal(sentences.length, 1, 'one sentence');
  t.match(sentences[0], /disk is full.*trials\.jsonl keeps \d+ trials?, and 'generate --resume' goes on from there\.$/);
  const { lines } = await journalLines(out);
  disk!.free();
  t.equal(run(...sweep).exit, 0);
  const whole = (await journalLines(out)).lines;
  t.same(whole.slice(0, lines.length), lines);
  t.equal(whole.length, 8, 'batches x workers x storage modes');
  t.equal(new Set(whole.map(idOf)).size, 8);
});
