import type { StorageRequest } from '../base/native.js';

/** What is read, and how: one line of `storage.csv`. */
export interface StorageCase {
  name: string;
  pattern: StorageRequest['pattern'];
  blockBytes: number;
  depth: number;
  threads: number;
}

const kibi = 1024;
const mebi = 1024 * kibi;

/** Loader workers of the sweeps. */
const workerCounts = [1, 4, 8, 16];

/** The suite on one file or device. */
export const suite: readonly StorageCase[] = [
  { name: 'sequential 1M depth 8', pattern: 'sequential', blockBytes: mebi, depth: 8, threads: 1 },
  { name: 'sequential 1M depth 1', pattern: 'sequential', blockBytes: mebi, depth: 1, threads: 1 },
  { name: 'random 4k depth 32', pattern: 'random', blockBytes: 4 * kibi, depth: 32, threads: 1 },
  { name: 'random 4k depth 1', pattern: 'random', blockBytes: 4 * kibi, depth: 1, threads: 1 },
  ...workerCounts.map(
    (threads): StorageCase => ({
      name: `random 128k depth 1${ofThreads(threads)}`,
      pattern: 'random',
      blockBytes: 128 * kibi,
      depth: 1,
      threads,
    }),
  ),
];

/** The suite on a folder of samples: these as so many loader workers read them, then blocks. */
export const folderSuite: readonly StorageCase[] = [...workerCounts.map(wholeFilesBy), ...suite];

/** Whole files of a folder in shuffled order, as a loader reads its samples. */
export function wholeFilesBy(threads: number): StorageCase {
  return { name: `whole files${ofThreads(threads)}`, pattern: 'files', blockBytes: 256 * kibi, depth: 1, threads };
}

export const wholeFiles = wholeFilesBy(1);

/** What a case's name says about its threads. */
export function ofThreads(threads: number): string {
  return threads === 1 ? '' : `, ${threads} threads`;
}
