import { readdirSync } from 'node:fs';
import { type Family, families, familyLabel } from '../base/columns.js';
import type { OutputFolder } from './output-folder.js';

/** `CNN_CPU.csv`, `MLP_NVIDIA_L4.csv`: one records file per family and device. */
export function recordsFileName(family: Family, deviceName: string): string {
  return `${familyLabel[family]}_${deviceName.replace(/[^A-Za-z0-9.]+/g, '_')}.csv`;
}

/** The records files of a family that lie in a folder, in name order. */
export function recordsFilesOf(family: Family, out: OutputFolder): string[] {
  const prefix = `${familyLabel[family]}_`;
  return readdirSync(out.path)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.csv'))
    .sort()
    .map((name) => out.file(name));
}

/** Families that have records files in a folder. */
export function familiesWithRecords(out: OutputFolder): Family[] {
  return families.filter((family) => recordsFilesOf(family, out).length > 0);
}
