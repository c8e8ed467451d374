import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { cpuCapOf } from '#src/measure/cpu-cap.js';
import { planTrials } from '#src/measure/trial/plan.js';
import { host } from '#src/pipeline/host.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-generate-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (...names: string[]) => path.join(folder, ...names);
const { addon, reason } = nativeStatus();
t.before(async () => {
  await prepareDatasets(inFolder('data'), { samples: 32, datasets: ['CIFAR100'] });
  if (addon) await host(new OutputFolder(inFolder('host')), 1);
});

const tiny = ['--datasets', 'CIFAR100', '--depth', '1', '--embed-dims', '16', '--batch-sizes', '2', '4'];
const sweep = ['generate', 'mlp', '--preset', 'quick', ...tiny, '--device', 'cpu', '--data-root', inFolder('data')];
const short = ['--warmup', '0', '--measure', '1', '--phases', 'none'];
/** Longer than any test waits. */
const endless = ['--warmup', '0', '--measure', '1000000000', '--phases', 'none'];

function start(
  out: string,
  ...args: string[]
): { child: ChildProcess; said: () => string; end: Promise<number | null> } {
  mkdirSync(inFolder(out), { recursive: true });
  // The host is measured once: it takes seconds.
  if (addon) copyFileSync(inFolder('host', 'host.json'), inFolder(out, 'host.json'));
  const all = [path.join(packageRoot, 'dist/cli/bin.cjs'), ...sweep, '--out', inFolder(out), ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stdout!.resume();
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { child, said: () => stderr, end: new Promise((resolve) => child.on('close', resolve)) };
}

async function run(out: string, ...args: string[]): Promise<{ exit: number | null; lines: string[] }> {
  const { said, end } = start(out, ...args);
  return { exit: await end, lines: said().split('\n').filter(Boolean) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(20);
}

function journalIds(out: string): string[] {
  const lines = readFileSync(inFolder(out, 'trials.jsonl'), 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { record_id: string }).record_id);
}

/** Processes whose parent this is. */
function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      return new RegExp(`^PPid:\\s+${parent}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
}

t.test('a line for each trial that ends; the first of the order, then more of it, then none', async (t) => {
  const first = await run('limited', ...short, '--limit', '3');
  t.equal(first.exit, 0);
  t.equal(first.lines.length, 3);
  for (const [index, line] of first.lines.entries()) {
    t.match(line, new RegExp(`^mlp trials {2}${index + 1}/3 {2}resmlp CIFAR100 batch .* ms \\(compute .*bottleneck`));
    t.equal(/ {2}\(\d+ s left\)$/.test(line), index < 2, `time that is left: ${line}`);
  }
  const more = await run('limited', ...short, '--limit', '5', '--resume');
  t.match(more.lines, [/^mlp trials {2}4\/5 {2}/, /^mlp trials {2}5\/5 {2}/]);
  t.equal(more.lines.length, 2);
  const here = { provider: 'cpu', gpuName: 'CPU', cpuCap: cpuCapOf() } as const;
  const options = { datasets: ['CIFAR100'], depth: 1, embedDims: [16], batchSizes: [2, 4], limit: 5 };
  t.same(
    journalIds('limited'),
    planTrials('mlp', 'quick', options, here).map(({ id }) => id),
  );
  t.same(await run('limited', ...short, '--limit', '5', '--resume'), { exit: 0, lines: [] });
});

t.test('what cannot be written, or is no journal, is told before the first trial', async (t) => {
  mkdirSync(inFolder('taken', 'MLP_CPU.csv'), { recursive: true });
  const taken = await run('taken');
  t.equal(taken.exit, 2);
  t.match(taken.lines, [/^orion-bench: .*MLP_CPU\.csv cannot be written: a folder of that name is there/]);
  t.equal(taken.lines.length, 1);
  t.same(readFileSync(inFolder('taken', 'trials.jsonl'), 'utf8'), '');

  mkdirSync(inFolder('foreign'));
  writeFileSync(inFolder('foreign', 'trials.jsonl'), 'not ours\n');
  const foreign = await run('foreign');
  t.equal(foreign.exit, 2);
  t.match(foreign.lines, [/^orion-bench: .*trials\.jsonl is not a journal of this program/]);
  t.equal(readFileSync(inFolder('foreign', 'trials.jsonl'), 'utf8'), 'not ours\n');
});

t.test('SIGTERM ends after the trial that runs', async (t) => {
  const { child, said, end } = start('stopped', ...short);
  await until(() => said().includes('mlp trials  1/'));
  child.kill('SIGTERM');
  t.equal(await end, 130);
  const lines = said().split('\n').filter(Boolean);
  t.equal(lines.filter((line) => line.startsWith('SIGTERM: ending after the current trial')).length, 1);
  t.equal(journalIds('stopped').length, lines.length - 1, 'every trial that was told is in the journal');
});

t.test('a sweep at work', { skip: reason ? `no addon: ${reason}` : false }, async (t) => {
  const { child, said, end } = start('busy', ...endless);
  // The process that measures is the last one to be started.
  const measuring = () =>
    childrenOf(child.pid!).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bench-process'));
  await until(() => existsSync(inFolder('busy', 'trials.jsonl')) && measuring() !== undefined);
  const bench = measuring()!;

  const second = await run('busy', ...short);
  t.equal(second.exit, 2, 'its journal is not shared');
  t.match(second.lines, [/^orion-bench: .*trials\.jsonl is in use by another process/]);

  child.kill('SIGINT');
  await until(() => said().includes('SIGINT: ending after the current trial'));
  t.equal(child.exitCode, null);
  child.kill('SIGINT');
  t.equal(await end, 130, 'a second signal does not wait');
  await until(
    () => !existsSync(`/proc/${bench}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${bench}/status`, 'utf8')),
  );
  t.same(journalIds('busy'), []);
  t.equal((await run('busy', ...short, '--limit', '1', '--resume')).exit, 0, 'and it can go on');
});
