import { readFileSync } from 'node:fs';
import { InputError } from '../base/errors.js';
import { native } from '../base/native.js';
import type { TrainingSet } from '../data/training-set.js';
import type { StorageMode } from './storage-mode.js';

/**
 * Brings the page cache into the state in which a trial in this mode begins: with `cold` nothing of the samples is in it,
 * with `cached` all of them are. Call it before the loader starts, and not while one runs.
 * @param samples those that the trial will read; all where it is not given
 * @throws InputError where data lies on no device (`cold`), or is more than fits into memory (`cached`)
 */
export async function prepareStorage(set: TrainingSet, mode: StorageMode, samples?: Uint32Array): Promise<void> {
  if (mode === 'NVME' || mode === 'SSD') return;
  const { storage } = native(`Storage mode ${mode}`);
  const files = filesOf(set, samples);
  if (mode === 'cold') return storage.dropFromCache(files);
  requireMemoryFor((set.bytes * files.length) / set.content.paths.length, set.entry.name);
  await storage.bringIntoCache(files);
}

function filesOf({ content }: TrainingSet, samples: Uint32Array | undefined): readonly string[] {
  if (content.stored !== 'files' || !samples) return content.paths;
  return Array.from(new Set(samples), (sample) => content.paths[sample]!);
}

/** What does not fit would push out what came before it. */
function requireMemoryFor(bytes: number, name: string): void {
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  if (kibibytes === undefined || bytes < Number(kibibytes) * 1024) return;
  throw new InputError(
    `Storage mode cached needs the samples of ${name} in memory: they have ${gigabytes(bytes)}, and ` +
      `${gigabytes(Number(kibibytes) * 1024)} are available. Leave the mode out, or take less data.`,
  );
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
