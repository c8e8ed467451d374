import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Row } from '#src/base/columns.js';
import type { MersenneTwister } from '#src/base/random.js';
import { readRecords } from '#src/records/read.js';

/** A sweep that is killed again and again; every process writes to the same folder. */
export interface KilledSweep {
  /** Arguments of node for a process that starts or resumes the sweep. */
  args: readonly string[];
  out: string;
  /** Name of the records file. */
  records: string;
  /** About how long a process takes until its first trial has ended, ms. */
  startMs: number;
  /** A kill at a change of a file comes at one of the first so many. */
  changes: number;
  random: MersenneTwister;
}

/** When a process is killed: after a time, or as soon as a file changes for the n-th time. */
export type KillMoment = { afterMs: number } | { file: RegExp; change: number };

/** A third each: at any time from the start on; at an append to the journal; while the records file is replaced. */
export function drawMoment({ random, startMs, changes, records }: KilledSweep): KillMoment {
  const kind = random.interval(2);
  if (kind === 0) return { afterMs: 1.2 * startMs * random.float64() };
  const file = kind === 1 ? /^trials\.jsonl$/ : new RegExp(`^\\.${records}\\.\\d+\\.tmp$`);
  return { file, change: 1 + random.interval(changes - 1) };
}

/** Runs a process of the sweep, killing it at the moment; resolves with whether it ended before. */
export async function runAndKill(
  { args, out }: Pick<KilledSweep, 'args' | 'out'>,
  moment: KillMoment,
): Promise<{ ended: boolean }> {
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  const stop = 'afterMs' in moment ? after(moment.afterMs, kill) : onChange(out, moment, kill);
  const { code, signal } = await endOf(child);
  stop();
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the sweep ended with ${signal ?? code}`);
  return { ended: signal !== 'SIGKILL' };
}

function after(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}

function onChange(folder: string, { file, change }: { file: RegExp; change: number }, then: () => void): () => void {
  let changes = 0;
  const watcher = watch(folder, (_, name) => {
    if (name !== null && file.test(name) && ++changes === change) then();
  });
  return () => watcher.close();
}

const endOf = (child: ChildProcess) =>
  new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });

/** Complete lines of the journal, and what is behind the last of them. */
export async function journalLines(out: string): Promise<{ lines: string[]; torn: string }> {
  const file = path.join(out, 'trials.jsonl');
  const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [''];
  return { torn: lines.pop()!, lines };
}

export const idOf = (line: string): string => (JSON.parse(line) as { record_id: string }).record_id;

/** The records file as rows with the columns of its header, and what the journal says in their place. */
export async function recordsBesideJournal(
  file: string,
  lines: readonly string[],
): Promise<{ inFile: Row[]; inJournal: Row[] }> {
  const { rows, columns } = await readRecords([file], { required: ['record_id'], everything: true });
  const inColumns = (row: Row): Row => Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
  const journal = lines.map((line) => (JSON.parse(line) as { row: Row }).row);
  return { inFile: rows.map(inColumns), inJournal: journal.map(inColumns) };
}
