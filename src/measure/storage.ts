import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import { native, type StorageEngineName, type StorageMeasurement } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';
import { disksOf, readBytesOf } from './block-stack.js';
import { type BytesServed, bytesServed } from './bytes-served.js';
import { withScratchFile } from './scratch-file.js';
import { type StorageFacts, storageFacts } from './storage-facts.js';
import type { StorageCase } from './storage-suite.js';

export interface StorageResult extends StorageCase {
  target: string;
  facts: StorageFacts;
  /** With a `failure` where a read failed midway: then of what was read until then. */
  measurement: StorageMeasurement;
  served: BytesServed;
}

export interface StorageOptions {
  engine: 'auto' | StorageEngineName;
  direct: boolean;
  durationMs: number;
  /** Wait for throughput that changes by at most so many percent in a second; 0: a ramp of a fixed length. */
  steadyPercent?: number | undefined;
  seed: number;
  onProgress?: OnProgress | undefined;
  /** Called as each case ends, so that a later failure loses none of it. */
  onResult?: ((result: StorageResult) => void) | undefined;
}

/** What the cases of one target share. */
interface Place {
  /** What a result calls the target. */
  label: string;
  paths: string[];
  facts: StorageFacts;
}

/** Scratch file of the suite when the target is a folder. */
const scratchBytes = 256 * 2 ** 20;

/** Rates settle within the first part of a run; it is left out. */
const rampShare = 0.2;

const memoryFileSystems = ['tmpfs', 'ramfs'];

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

/** Read by the disks under a target since boot; null where one does not say. */
function diskReads({ device }: StorageFacts): number | null {
  if (!device) return null;
  const counts = disksOf(device).map(({ name }) => readBytesOf(name));
  return counts.includes(null) ? null : counts.reduce<number>((sum, count) => sum + count!, 0);
}

async function measureCase({ label, paths, facts }: Place, single: StorageCase, options: StorageOptions) {
  const { pattern, blockBytes, depth, threads } = single;
  const { engine, direct, durationMs, steadyPercent = 0, seed } = options;
  const rampMs = durationMs * rampShare;
  const { storage } = native("The 'storage' command");
  const before = diskReads(facts);
  const measurement = await storage.measure({
    ...{ paths, pattern, blockBytes, depth, threads, engine, direct, durationMs, rampMs, steadyPercent, seed },
    maxBytes: 0,
  });
  const after = diskReads(facts);
  const served = bytesServed(measurement, {
    memory: facts.fileSystem !== null && memoryFileSystems.includes(facts.fileSystem),
    diskBytes: before === null || after === null ? null : after - before,
  });
  const result: StorageResult = { ...single, target: label, facts, measurement, served };
  options.onResult?.(result);
  return result;
}

async function measureCases(place: Place, cases: readonly StorageCase[], options: StorageOptions) {
  const results: StorageResult[] = [];
  for (const single of cases) {
    options.onProgress?.({
      stage: 'storage',
      done: results.length,
      total: cases.length,
      detail: `${place.label}: ${single.name}`,
    });
    results.push(await measureCase(place, single, options));
  }
  return results;
}

/**
 * Read-only throughput, rate and latency of a file, a raw device, or a folder (its own files whole and, for cases of
 * other patterns, a scratch file made there and removed). A read that fails ends its case, which is kept with what was
 * measured; the others follow.
 * @throws InputError where the target cannot be read, is empty, or is neither file, folder nor block device.
 */
export async function measureStorage(
  target: string,
  cases: readonly StorageCase[],
  options: StorageOptions,
): Promise<StorageResult[]> {
  const folder = isFolder(target);
  const facts = storageFacts(target);
  if (!folder) return measureCases({ label: target, paths: [target], facts }, cases, options);
  const results: StorageResult[] = [];
  const files = cases.filter((single) => single.pattern === 'files');
  if (files.length > 0) {
    const paths = filesBelow(target);
    if (paths.length === 0)
      throw new InputError(`The folder ${target} holds no files with content: name one that does.`);
    results.push(...(await measureCases({ label: target, paths, facts }, files, options)));
  }
  const blocks = cases.filter((single) => single.pattern !== 'files');
  if (blocks.length > 0) {
    const label = `${target} (scratch file)`;
    const onScratchFile = (file: string) => measureCases({ label, paths: [file], facts }, blocks, options);
    results.push(...(await withScratchFile(target, scratchBytes, onScratchFile)));
  }
  return results;
}
