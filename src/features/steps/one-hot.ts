import type { Frame } from '../frame.js';

/**
 * Adds `<prefix>_<level>` (0 or 1) for every level but the first of the sorted ones; a row without a level has 0 in
 * all of them.
 */
export function addOneHot(frame: Frame, prefix: string, values: readonly (string | null)[]): void {
  const levels = [...new Set(values)].filter((level) => level !== null).sort();
  for (const level of levels.slice(1)) {
    frame.set(
      `${prefix}_${level}`,
      Float64Array.from(values, (value) => Number(value === level)),
    );
  }
}
