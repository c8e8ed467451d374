import type { RangeSamples } from '../../data/ranges.js';
import type { MemorySamples } from '../../data/training-set.js';

/** A range of a file that belongs to a sample. */
export interface SamplePart {
  path: string;
  /** Its first byte. */
  start: number;
  bytes: number;
}

const newline = 0x0a;

/** Where a sample lies that has no file of its own. */
export function sampleParts(content: MemorySamples | RangeSamples, index: number): SamplePart[] {
  const { paths } = content;
  if (content.stored === 'memory') {
    const bytes = content.offsets[index + 1]! - content.offsets[index]!;
    return [{ path: paths[content.files[index]!]!, start: content.starts[index]!, bytes }];
  }
  return paths.map((path, file) => {
    const at = index * paths.length + file;
    return { path, start: content.starts[at]!, bytes: content.lengths[at]! };
  });
}

/**
 * Puts the parts of a sample together as `readRanges` does, with newlines in between, if there is room for all.
 * @returns the bytes of the sample
 */
export function joinedSample(
  parts: readonly SamplePart[],
  target: Uint8Array,
  read: (part: SamplePart, offset: number) => void,
): number {
  const bytes = parts.reduce((sum, part) => sum + part.bytes + 1, -1);
  if (bytes > target.length) return bytes;
  let offset = 0;
  for (const part of parts) {
    if (offset > 0) target[offset - 1] = newline;
    read(part, offset);
    offset += part.bytes + 1;
  }
  return bytes;
}
