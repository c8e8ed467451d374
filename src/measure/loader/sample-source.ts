import { type NativeSampleReader, native, nativeStatus } from '../../base/native.js';
import { storedBytes, type TrainingSet } from '../../data/training-set.js';
import { readPolicies, readsDevice, type StorageMode } from '../storage-mode.js';
import { joinedSample, sampleParts } from './sample-parts.js';
import type { LoaderTotals } from './totals.js';

/** Where a worker gets the stored bytes of samples from. */
export interface SampleSource {
  /** This sample is read soon: a hint. */
  announce(index: number): void;
  /** The bytes of a sample, valid until the next one is read. Throws where it cannot be read. */
  read(index: number): Uint8Array;
}

/**
 * The samples of a set, read as the mode has it. Sets that are held in memory are read from there, but from their files in
 * modes that measure the device. What is read from files is added to `totals.bytesRead`.
 */
export function sampleSource(
  set: TrainingSet,
  mode: StorageMode,
  totals: Pick<LoaderTotals, 'bytesRead'>,
): SampleSource {
  const counted = (bytes: Uint8Array) => {
    totals.bytesRead += bytes.length;
    return bytes;
  };
  if (set.content.stored === 'memory' && !readsDevice(mode)) {
    return { announce: () => {}, read: (index) => storedBytes(set, index) };
  }
  // Ordinary reads need no addon, though they are slower without it.
  const addon = readsDevice(mode) ? native(`Storage mode ${mode}`) : nativeStatus().addon;
  if (!addon) return { announce: () => {}, read: (index) => counted(storedBytes(set, index)) };
  const { announce, read } = nativeSource(set, addon.storage.sampleReader(readPolicies[mode]));
  return { announce, read: (index) => counted(read(index)) };
}

function nativeSource({ content }: TrainingSet, reader: NativeSampleReader): SampleSource {
  const memory = new ReusedMemory();
  if (content.stored === 'files') {
    return {
      announce: (index) => reader.announce(content.paths[index]!),
      read: (index) => memory.fill((target) => reader.read(target, 0, content.paths[index]!)),
    };
  }
  return {
    announce(index) {
      for (const { path, start, bytes } of sampleParts(content, index)) reader.announce(path, start, bytes);
    },
    read(index) {
      const parts = sampleParts(content, index);
      return memory.fill((target) =>
        joinedSample(parts, target, ({ path, start, bytes }, offset) => {
          reader.read(target, offset, path, start, bytes);
        }),
      );
    },
  };
}

const firstBytes = 1 << 16;

/** Memory that grows with the largest sample. */
class ReusedMemory {
  #bytes = new Uint8Array(firstBytes);

  /** @param read writes a sample and returns its bytes; where they are more than there is room for, it is called again */
  fill(read: (target: Uint8Array) => number): Uint8Array {
    let bytes = read(this.#bytes);
    while (bytes > this.#bytes.length) {
      this.#bytes = new Uint8Array(2 * bytes);
      bytes = read(this.#bytes);
    }
    return this.#bytes.subarray(0, bytes);
  }
}
