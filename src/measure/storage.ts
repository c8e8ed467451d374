import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { native, type StorageEngineName, type StorageMeasurement, type StorageRequest } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';
import { withScratchFile } from './scratch-file.js';

/** What is read, and how: one line of `storage.csv`. */
export interface StorageCase {
  name: string;
  pattern: StorageRequest['pattern'];
  blockBytes: number;
  depth: number;
  threads: number;
}

export interface StorageResult extends StorageCase {
  target: string;
  measurement: StorageMeasurement;
}

export interface StorageOptions {
  engine: 'auto' | StorageEngineName;
  direct: boolean;
  durationMs: number;
  seed: number;
  onProgress?: OnProgress | undefined;
  /** Called as each case ends, so that a later failure loses none of it. */
  onResult?: ((result: StorageResult) => void) | undefined;
}

const kibi = 1024;
const mebi = 1024 * kibi;

/** The suite on one file or device. */
export const suite: readonly StorageCase[] = [
  { name: 'sequential 1M depth 8', pattern: 'sequential', blockBytes: mebi, depth: 8, threads: 1 },
  { name: 'sequential 1M depth 1', pattern: 'sequential', blockBytes: mebi, depth: 1, threads: 1 },
  { name: 'random 4k depth 32', pattern: 'random', blockBytes: 4 * kibi, depth: 32, threads: 1 },
  { name: 'random 4k depth 1', pattern: 'random', blockBytes: 4 * kibi, depth: 1, threads: 1 },
  { name: 'random 128k depth 1, 1 thread', pattern: 'random', blockBytes: 128 * kibi, depth: 1, threads: 1 },
  { name: 'random 128k depth 1, 4 threads', pattern: 'random', blockBytes: 128 * kibi, depth: 1, threads: 4 },
];

/** Whole files of a folder in shuffled order, as a loader reads its samples. */
export const wholeFiles: StorageCase = {
  name: 'whole files',
  pattern: 'files',
  blockBytes: 256 * kibi,
  depth: 1,
  threads: 1,
};

/** Scratch file of the suite when the target is a folder. */
const scratchBytes = 256 * mebi;

/** Rates settle within the first part of a run; it is left out. */
const rampShare = 0.2;

/** Regular files below a folder, at most `limit`, in name order. */
function filesBelow(folder: string, limit = 100_000): string[] {
  const files: string[] = [];
  const visit = (place: string) => {
    for (const entry of readdirSync(place, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (files.length >= limit) return;
      const full = path.join(place, entry.name);
      if (entry.isDirectory()) visit(full);
      else if (entry.isFile() && statSync(full).size > 0) files.push(full);
    }
  };
  visit(folder);
  return files;
}

/** @throws InputError where there is no such target. */
export function isFolder(target: string): boolean {
  try {
    return statSync(target).isDirectory();
  } catch (error) {
    throw new InputError(`The storage target ${target} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

async function measureCase(
  paths: string[],
  target: string,
  single: StorageCase,
  options: StorageOptions,
): Promise<StorageResult> {
  const measurement = await native("The 'storage' command").storage.measure({
    paths,
    pattern: single.pattern,
    blockBytes: single.blockBytes,
    depth: single.depth,
    threads: single.threads,
    engine: options.engine,
    direct: options.direct,
    durationMs: options.durationMs,
    rampMs: options.durationMs * rampShare,
    maxBytes: 0,
    seed: options.seed,
  });
  const result = { ...single, target, measurement };
  options.onResult?.(result);
  return result;
}

async function measureCases(
  file: string,
  target: string,
  cases: readonly StorageCase[],
  options: StorageOptions,
): Promise<StorageResult[]> {
  const results: StorageResult[] = [];
  for (const single of cases) {
    options.onProgress?.({
      stage: 'storage',
      done: results.length,
      total: cases.length,
      detail: `${target}: ${single.name}`,
    });
    results.push(await measureCase([file], target, single, options));
  }
  return results;
}

/**
 * Read-only throughput, rate and latency of a file, a raw device, or a folder (its own files whole and, for cases of
 * other patterns, a scratch file made there and removed).
 * @throws InputError where the target cannot be read, is empty, or is neither file, folder nor block device.
 */
export async function measureStorage(
  target: string,
  cases: readonly StorageCase[],
  options: StorageOptions,
): Promise<StorageResult[]> {
  if (!isFolder(target)) return measureCases(target, target, cases, options);
  const results: StorageResult[] = [];
  const files = cases.filter((single) => single.pattern === 'files');
  if (files.length > 0) {
    const paths = filesBelow(target);
    if (paths.length === 0)
      throw new InputError(`The folder ${target} holds no files with content: name one that does.`);
    for (const single of files) results.push(await measureCase(paths, target, single, options));
  }
  const blocks = cases.filter((single) => single.pattern !== 'files');
  if (blocks.length > 0) {
    const label = `${target} (scratch file)`;
    results.push(
      ...(await withScratchFile(target, scratchBytes, (file) => measureCases(file, label, blocks, options))),
    );
  }
  return results;
}
