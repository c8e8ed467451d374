import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DatasetEntry } from './catalogue.js';
import type { Damage } from './damage.js';
import { type RangeSamples, readRanges } from './ranges.js';

/** Samples that each lie in a file of their own. */
export interface FileSamples {
  readonly stored: 'files';
  /** One path per sample. */
  readonly paths: readonly string[];
}

/** Samples held in memory, read once and shared with every worker thread; each is a range of a file too. */
export interface MemorySamples {
  readonly stored: 'memory';
  /** The files the samples came from. */
  readonly paths: readonly string[];
  /** Payloads of all samples as they are in the files, end to end, without labels; backed by a SharedArrayBuffer. */
  readonly records: Uint8Array;
  /** [samples + 1]: sample i is `records[offsets[i] .. offsets[i + 1])`; backed by a SharedArrayBuffer. */
  readonly offsets: Uint32Array;
  /** [samples]: in which of `paths` a sample lies; backed by a SharedArrayBuffer. */
  readonly files: Uint32Array;
  /** [samples]: its first byte in that file; backed by a SharedArrayBuffer. */
  readonly starts: Float64Array;
  /** [samples]: line of the first file at which a text begins, from 1; null for images. Backed by a SharedArrayBuffer. */
  readonly lines: Uint32Array | null;
}

/** A data set's training samples, ready to be cloned to worker threads. */
export interface TrainingSet {
  readonly entry: DatasetEntry;
  /** Training samples actually there. */
  readonly samples: number;
  /** Class of each sample; null where the label is a text. Backed by a SharedArrayBuffer. */
  readonly labels: Int32Array | null;
  readonly content: FileSamples | MemorySamples | RangeSamples;
  /** Bytes of the training files on disk. */
  readonly bytes: number;
  /** Samples that were left out when the set was opened. */
  readonly damage: Damage;
  /** Made by `prepareDatasets`, not published data. */
  readonly synthetic: boolean;
  /** Words in the order of their ids: none for images, one list for texts, one for each side of pairs of texts. */
  readonly vocabularies: readonly (readonly string[])[];
}

/** What a format's reader finds. */
export type StoredSamples = Omit<TrainingSet, 'entry' | 'synthetic' | 'vocabularies'>;

/** The payload of sample `index` of a set held in memory, without a copy. */
export function memoryRecord(content: MemorySamples, index: number): Uint8Array {
  return content.records.subarray(content.offsets[index]!, content.offsets[index + 1]!);
}

/** The stored bytes of sample `index`, read in the ordinary way. */
export function storedBytes({ content }: Pick<TrainingSet, 'content'>, index: number): Uint8Array {
  switch (content.stored) {
    case 'files':
      return readFileSync(content.paths[index]!);
    case 'memory':
      return memoryRecord(content, index);
    case 'ranges':
      return readRanges(content, index);
  }
}

/** The file (and line) in which sample `index` lies, or its number in a binary set: for messages. */
export function sampleName({ entry, content }: Pick<TrainingSet, 'entry' | 'content'>, index: number): string {
  if (content.stored === 'files') return content.paths[index]!;
  if (content.lines !== null)
    return `${path.basename(content.paths[0]!)} of ${entry.name}, line ${content.lines[index]}`;
  return `sample ${index} of ${entry.name}`;
}

/** Mean file size of a sample; 0 for sets that have no file per sample (`disk_bytes_per_sample`). */
export function diskBytesPerSample(set: TrainingSet): number {
  return set.content.stored === 'files' ? set.bytes / set.samples : 0;
}

/** Classes that worker threads can share. */
export function sharedLabels(classes: readonly number[]): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(classes.length * Int32Array.BYTES_PER_ELEMENT));
  shared.set(classes);
  return shared;
}
