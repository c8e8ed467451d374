import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { type ArchiveReport, checkArchive } from './archive.js';
import { catalogue, type DatasetEntry } from './catalogue.js';
import { type Damage, noDamage, noteDamage } from './damage.js';
import { sampleTexts } from './formats/texts.js';
import { readMarker } from './marker.js';
import { openTrainingSet } from './open.js';
import { sampleName, storedBytes, type TrainingSet } from './training-set.js';

/** What is found of one data set. */
export interface DatasetReport {
  dataset: string;
  state: 'present' | 'missing' | 'damaged';
  folder: string;
  /** Training samples that can be used; 0 where missing or unreadable. */
  samples: number;
  /** Training samples of the published set. */
  publishedSamples: number;
  /** Bytes of the training files. */
  bytes: number;
  origin: 'real' | 'synthetic' | null;
  /** One sentence naming the file; null unless damaged. */
  problem: string | null;
  /** Where the published set can be had. */
  source: string;
  /** The published archive; null where no checksum is published, and unless the check is thorough. */
  archive: ArchiveReport | null;
}

export interface CheckOptions {
  /** Data sets to look at; all of the catalogue by default. */
  entries?: readonly DatasetEntry[];
  /** Read every text and the archives, which takes seconds to a minute for the published sets. */
  thorough?: boolean;
}

/** Looks at data sets under `dataRoot`: opens each and reads the ends of its image files. */
export function checkDatasets(
  dataRoot: string,
  { entries = catalogue, thorough = false }: CheckOptions = {},
): DatasetReport[] {
  return entries.map((entry) => {
    const archive = thorough && entry.archive ? checkArchive(dataRoot, entry.archive) : null;
    const report = { ...reportOf(dataRoot, entry, thorough), archive };
    if (archive?.state !== 'differs' || report.state === 'damaged') return report;
    const problem = `${path.join(dataRoot, archive.file)} does not have the published MD5 ${archive.md5}: fetch it again.`;
    return { ...report, state: 'damaged', problem };
  });
}

function reportOf(dataRoot: string, entry: DatasetEntry, thorough: boolean): Omit<DatasetReport, 'archive'> {
  const report: Omit<DatasetReport, 'archive'> = {
    dataset: entry.name,
    state: 'missing',
    folder: path.join(dataRoot, entry.folder),
    samples: 0,
    publishedSamples: entry.trainingSamples,
    bytes: 0,
    origin: null,
    problem: null,
    source: entry.source,
  };
  try {
    const set = openTrainingSet(dataRoot, entry.name);
    const problem = leftOut(set) ?? markerProblem(set, report.folder) ?? damagedSamples(set, thorough);
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
}

function markerProblem(set: TrainingSet, folder: string): string | null {
  const marker = readMarker(folder);
  if (!marker || (marker.samples === set.samples && marker.bytes === set.bytes)) return null;
  return `${folder} holds ${set.samples} samples where its SYNTHETIC.json says ${marker.samples}.`;
}

function leftOut({ damage, samples }: TrainingSet): string | null {
  if (damage.count === 0) return null;
  return `${damage.count} of ${samples + damage.count} samples are left out, the first is this: ${damage.first}.`;
}

function damagedSamples(set: TrainingSet, thorough: boolean): string | null {
  const isImage = set.entry.kind === 'image';
  const { count, first } = isImage ? damagedImages(set) : thorough ? damagedTexts(set) : noDamage();
  if (count === 0) return null;
  return `${count} of ${set.samples} ${isImage ? 'images are truncated or no JPEG' : 'texts are damaged'}, the first is ${first}.`;
}

function damagedImages({ content }: TrainingSet): Damage {
  const damage = noDamage();
  if (content.stored === 'files') {
    for (const file of content.paths) if (!isWholeJpeg(file)) noteDamage(damage, file);
  }
  return damage;
}

function damagedTexts(set: TrainingSet): Damage {
  const damage = noDamage();
  const texts = sampleTexts(set);
  for (let index = 0; index < set.samples; index++) {
    try {
      texts(storedBytes(set, index));
    } catch (error) {
      noteDamage(damage, `${sampleName(set, index)} (${messageOf(error)})`);
    }
  }
  return damage;
}

/** Begins with the start-of-image marker and ends with end-of-image (ITU-T T.81, B.1.1.3); false if it cannot be read. */
function isWholeJpeg(file: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return false;
  }
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
