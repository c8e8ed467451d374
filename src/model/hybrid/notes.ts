import type { Row } from '../../base/columns.js';
import { positiveIn } from '../../physics/cells.js';
import { assumptions } from '../../physics/workload.js';
import type { Case } from './cases.js';
import { familyOf, networkOf } from './groups.js';

/** What the rows of a fit did not say, and what was assumed instead: a sentence each. */
export function notesOf(rows: readonly Row[], cases: readonly Case[], loaderFitted: boolean): string[] {
  const of = (count: number) => `${count} of ${cases.length} rows`;
  const notes: string[] = [];
  for (const [field, columns, instead] of assumptions) {
    const without = cases.filter(({ workload }) => workload[field] === 0).length;
    if (without > 0) notes.push(`${of(without)} lack ${columns}: ${instead} is assumed there.`);
  }
  const powerless = cases.filter(({ hardware }) => hardware.powerWatts === null).length;
  if (powerless > 0) notes.push(`${of(powerless)} are of devices without a known power: peak rates are taken there.`);
  if (rows.every((row) => positiveIn(row, 'vcpu') === null)) {
    notes.push('No row names loader workers (vcpu): the time is that of the device alone.');
  } else if (!loaderFitted) {
    notes.push('Too few rows show what their loader takes: preparing batches is taken to be hidden.');
  }
  if (new Set(rows.map(familyOf)).size < 2) {
    notes.push('All rows are of one GPU family: no interval is known for other GPUs.');
  }
  if (new Set(rows.map(networkOf)).size < 2) {
    notes.push('All rows are of one network: no interval is known for others.');
  }
  return notes;
}
