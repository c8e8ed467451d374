import { columnsOf, type EvaluatedFamily } from '../base/columns.js';
import { mayBeFeature } from '../features/source.js';
import type { RecordTable } from '../records/read.js';

/** Rows of one configuration have one number. */
export interface Replicates {
  /** Of each row: 0 to `groups` - 1, in order of first appearance. */
  groupOf: Uint32Array;
  groups: number;
}

/** What an optimizer and its learning rate decide: hardly the time of an iteration. */
const learning = new Set(['optimizer', 'learning_rate', 'optimizer_state_bytes', 'total_state_bytes']);

/**
 * Groups of rows that differ only in learning rate or optimizer. A model that has seen one of a group has all but seen
 * the others, so honest folds keep them together, and they are one draw of a bootstrap.
 */
export function replicatesOf({ columns, rows }: RecordTable, family: EvaluatedFamily): Replicates {
  const texts = new Set(
    columnsOf(family)
      .filter(({ type, group }) => type === 'text' && group !== 'timing' && group !== 'provenance')
      .map(({ name }) => name),
  );
  const telling = columns.filter((column) => !learning.has(column) && (texts.has(column) || mayBeFeature(column)));
  const numbers = new Map<string, number>();
  const groupOf = Uint32Array.from(rows, (row) => {
    const key = JSON.stringify(telling.map((column) => row[column] ?? null));
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  });
  return { groupOf, groups: numbers.size };
}
