import type { Family, Row } from '../base/columns.js';
import type { OnProgress } from '../base/progress.js';
import type { TrialOutcome } from '../measure/run-trials.js';
import { describeTrial, type Trial } from '../measure/trial/trial.js';
import type { Journal } from '../records/journal.js';
import type { FamilyRecords } from './family-records.js';
import { RemainingTime } from './remaining-time.js';

export interface Recording {
  family: Family;
  journal: Journal;
  records: FamilyRecords;
  /** Those to be measured. */
  trials: readonly Trial[];
  /** Trials of the sweep that were measured earlier. */
  kept: number;
  /** The trials as they end. */
  outcomes: AsyncIterable<TrialOutcome>;
  /** Adds to a row what the trial does not know. */
  complete: (row: Row) => Row;
  onProgress?: OnProgress | undefined;
}

export type TrialCounts = Record<TrialOutcome['status'], number>;

/**
 * Appends each trial to the journal when it ends and derives the records file anew: nothing that was measured is lost.
 * Throws InputError (code IO) where one of them cannot be written.
 */
export async function recordTrials(recording: Recording): Promise<TrialCounts> {
  const { family, journal, records, trials, kept, outcomes, complete, onProgress } = recording;
  const counts: TrialCounts = { ok: 0, failed: 0, skipped: 0 };
  const remaining = new RemainingTime();
  const report = (done: number, detail?: string) =>
    onProgress?.({
      stage: `${family} trials`,
      done: kept + done,
      total: kept + trials.length,
      detail,
      current: trials[done] && describeTrial(trials[done]),
      remainingMs: remaining.of(trials.slice(done)),
    });
  let done = 0;
  let lapMs = performance.now();
  // Nothing is under way where everything was measured earlier.
  if (trials.length > 0) report(done);
  for await (const { trial, row, samples, status } of outcomes) {
    const completed = complete(row);
    await journal.append({ record_id: trial.id, family, row: completed, samples: { ...samples } });
    await records.write();
    counts[status]++;
    const nowMs = performance.now();
    remaining.add(trial, nowMs - lapMs);
    lapMs = nowMs;
    report(++done, describeOutcome(trial, completed));
  }
  return counts;
}

function describeOutcome(trial: Trial, row: Row): string {
  const what = describeTrial(trial);
  if (row.status !== 'ok') return `${what}: ${row.status} (${row.reason})`;
  const ms = (column: string) => Number(Number(row[column]).toPrecision(3));
  return `${what}: ${ms('avg_batch_time_ms')} ms (compute ${ms('T_gpu_ms')}, wait ${ms('T_cpu_io_ms')}), bottleneck ${row.bottleneck}`;
}
