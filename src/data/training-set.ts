import type { DatasetEntry } from './catalogue.js';

/** Samples that each lie in a file of their own. */
export interface FileSamples {
  readonly stored: 'files';
  /** One path per sample. */
  readonly paths: readonly string[];
}

/** Samples held in memory, read once and shared with every worker thread. */
export interface MemorySamples {
  readonly stored: 'memory';
  /** The files the samples came from. */
  readonly paths: readonly string[];
  /** Payloads of all samples, end to end, without labels; backed by a SharedArrayBuffer. */
  readonly records: Uint8Array;
  /** [samples + 1]: sample i is `records[offsets[i] .. offsets[i + 1])`; backed by a SharedArrayBuffer. */
  readonly offsets: Uint32Array;
}

/** A data set's training samples, ready to be cloned to worker threads. */
export interface TrainingSet {
  readonly entry: DatasetEntry;
  /** Training samples actually there. */
  readonly samples: number;
  /** Class of each sample; backed by a SharedArrayBuffer. */
  readonly labels: Int32Array;
  readonly content: FileSamples | MemorySamples;
  /** Bytes of the training files on disk. */
  readonly bytes: number;
  /** Made by `prepareDatasets`, not published data. */
  readonly synthetic: boolean;
  /** Text: words by id, from id 2 on (0 padding, 1 unknown); null for images. */
  readonly vocabulary: readonly string[] | null;
}

/** The payload of sample `index` of a set held in memory, without a copy. */
export function memoryRecord(content: MemorySamples, index: number): Uint8Array {
  return content.records.subarray(content.offsets[index]!, content.offsets[index + 1]!);
}

/** The file in which sample `index` lies, or its number in an in-memory set: for messages. */
export function sampleName(set: TrainingSet, index: number): string {
  return set.content.stored === 'files' ? set.content.paths[index]! : `sample ${index} of ${set.entry.name}`;
}

/** Mean file size of a sample; 0 for sets held in memory (`disk_bytes_per_sample`). */
export function diskBytesPerSample(set: TrainingSet): number {
  return set.content.stored === 'files' ? set.bytes / set.samples : 0;
}

/** Zeroed labels that worker threads can share. */
export function sharedLabels(samples: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(samples * Int32Array.BYTES_PER_ELEMENT));
}
