import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { orionVersion } from '../base/package.js';

/** Lies in the folder of every synthetic data set, so that records can say `data = synthetic`. */
export interface SyntheticMarker {
  made_by: string;
  dataset: string;
  seed: number;
  samples: number;
  /** Bytes of the training files. */
  bytes: number;
}

const markerName = 'SYNTHETIC.json';

/** The marker of a data set's folder, or null where the data are not ours. Throws InputError if it is damaged. */
export function readMarker(folder: string): SyntheticMarker | null {
  const file = path.join(folder, markerName);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SyntheticMarker;
  } catch (error) {
    throw new InputError(`${file} is not the JSON that 'orion-bench data prepare' writes (${messageOf(error)}).`);
  }
}

export function writeMarker(folder: string, marker: Omit<SyntheticMarker, 'made_by'>): void {
  const whole: SyntheticMarker = { made_by: `orion-bench ${orionVersion}`, ...marker };
  writeFileSync(path.join(folder, markerName), `${JSON.stringify(whole, null, 2)}\n`);
}
