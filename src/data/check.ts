import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { catalogue, type DatasetEntry } from './catalogue.js';
import { readMarker } from './marker.js';
import { openTrainingSet } from './open.js';
import type { TrainingSet } from './training-set.js';

/** What is found of one data set. */
export interface DatasetReport {
  dataset: string;
  state: 'present' | 'missing' | 'damaged';
  folder: string;
  /** Training samples found; 0 where missing or unreadable. */
  samples: number;
  /** Bytes of the training files. */
  bytes: number;
  origin: 'real' | 'synthetic' | null;
  /** One sentence naming the file; null unless damaged. */
  problem: string | null;
  /** Where the published set can be had. */
  source: string;
}

/** Looks at every data set of the catalogue (or those named) under `dataRoot`, reading each file's ends. */
export function checkDatasets(dataRoot: string, entries: readonly DatasetEntry[] = catalogue): DatasetReport[] {
  return entries.map((entry) => {
    const folder = path.join(dataRoot, entry.folder);
    const report: DatasetReport = {
      dataset: entry.name,
      state: 'missing',
      folder,
      samples: 0,
      bytes: 0,
      origin: null,
      problem: null,
      source: entry.source,
    };
    if (!existsSync(folder)) return report;
    try {
      const set = openTrainingSet(dataRoot, entry.name);
      const problem = markerProblem(set, folder) ?? damagedImages(set);
      return {
        ...report,
        state: problem ? 'damaged' : 'present',
        samples: set.samples,
        bytes: set.bytes,
        origin: set.synthetic ? 'synthetic' : 'real',
        problem,
      };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (error.code === 'MISSING_DATA') return report;
      return { ...report, state: 'damaged', problem: messageOf(error) };
    }
  });
}

function markerProblem(set: TrainingSet, folder: string): string | null {
  const marker = readMarker(folder);
  if (!marker || (marker.samples === set.samples && marker.bytes === set.bytes)) return null;
  return `${folder} holds ${set.samples} samples where its SYNTHETIC.json says ${marker.samples}.`;
}

function damagedImages(set: TrainingSet): string | null {
  if (set.content.stored !== 'files') return null;
  const damaged = set.content.paths.filter((file) => !isWholeJpeg(file));
  if (damaged.length === 0) return null;
  return `${damaged.length} of ${set.samples} images are truncated or no JPEG, the first is ${damaged[0]}.`;
}

/** Begins with the start-of-image marker and ends with end-of-image (ITU-T T.81, B.1.1.3). */
function isWholeJpeg(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size < 4) return false;
    const ends = Buffer.alloc(4);
    readSync(descriptor, ends, 0, 2, 0);
    readSync(descriptor, ends, 2, 2, size - 2);
    return ends.readUInt32BE() === 0xffd8ffd9;
  } finally {
    closeSync(descriptor);
  }
}
