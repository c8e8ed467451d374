import { readdirSync } from 'node:fs';
import { type Family, familyLabel } from '../base/columns.js';
import type { TrialDevice } from '../measure/trial/settings.js';
import type { OutputFolder } from './output-folder.js';

/** `CNN_CPU.csv`, `MLP_NVIDIA_L4.csv`, `MLP_emulated_NVIDIA_L4.csv`: one records file per family and device. */
export function recordsFileName(family: Family, { name, emulated }: Pick<TrialDevice, 'name' | 'emulated'>): string {
  const label = emulated && !name.startsWith('emulated') ? `emulated ${name}` : name;
  return `${familyLabel[family]}_${label.replace(/[^A-Za-z0-9.]+/g, '_')}.csv`;
}

/** The records files of a family that lie in a folder, in name order. */
export function recordsFilesOf(family: Family, out: OutputFolder): string[] {
  const prefix = `${familyLabel[family]}_`;
  return readdirSync(out.path)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.csv'))
    .sort()
    .map((name) => out.file(name));
}
