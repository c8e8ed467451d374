import type { Row } from '../base/columns.js';
import type { FamilyInputs } from './figure.js';
import { byName } from './groups.js';
import { drawable } from './text.js';

const okay = (row: Row): boolean => row.status === undefined || row.status === null || row.status === 'ok';

/** Records that were measured; a file without a `status` column holds no others. */
export const measuredRecords = (records: readonly Row[]): Row[] => records.filter(okay);

type Evaluated = Pick<FamilyInputs, 'records' | 'predictions'>;

/** The records behind evaluated rows, or all measured ones where the rows don't say which they are. */
export function recordsBehind({ records, predictions }: Evaluated): Row[] {
  const ids = new Set(predictions.map((row) => row.record_id));
  const matching = records.filter((row) => typeof row.record_id === 'string' && ids.has(row.record_id));
  return matching.length > 0 ? matching : measuredRecords(records);
}

const shownDevices = 3;

/**
 * The small line over a figure: devices, and what about the numbers is not real. Empty where the records tell nothing.
 * @param fallbackDevices names used where there are no records
 */
export function provenanceNote(records: readonly Row[], fallbackDevices: readonly string[] = []): string {
  const parts = [devices(records, fallbackDevices), ...notReal(records)];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The line over a figure of predictions. */
export function evaluationNote(inputs: Evaluated): string {
  return provenanceNote(
    recordsBehind(inputs),
    inputs.predictions.map((row) => row.gpu_name),
  );
}

/** `synthetic data`, `emulated accelerator`, each with `partly` where it holds for some records only. */
export function notReal(records: readonly Row[]): string[] {
  const label = (column: string, value: string, words: string): string[] => {
    const count = records.filter((row) => row[column] === value).length;
    if (count === 0) return [];
    return [count === records.length ? words : `partly ${words}`];
  };
  return [...label('data', 'synthetic', 'synthetic data'), ...label('timing', 'emulated', 'emulated accelerator')];
}

function devices(records: readonly Row[], fallback: readonly string[]): string {
  const found = records.length > 0 ? records.map(deviceOf) : [...fallback];
  const names = [...new Set(found.filter((name) => name !== ''))].map(drawable).sort(byName);
  if (names.length <= shownDevices + 1) return names.join(', ');
  return `${names.slice(0, shownDevices).join(', ')} and ${names.length - shownDevices} more devices`;
}

function deviceOf(row: Row): string {
  const name = typeof row.gpu_name === 'string' ? row.gpu_name : '';
  return name === 'CPU' && typeof row.cpu_model === 'string' ? `CPU (${row.cpu_model})` : name;
}
