import { InputError } from './errors.js';

const binaryFactor: Record<string, number> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Bytes from `4096`, `4k`, `128K`, `1M`, `2g` (powers of 1024). Throws InputError naming `option` otherwise. */
export function parseBytes(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  const bytes = match ? Number(match[1]) * binaryFactor[match[2]!.toLowerCase()]! : Number.NaN;
  if (!Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new InputError(`${option} is '${text}': give a size such as 4096, 4k, 128k or 1M (powers of 1024).`);
  }
  return bytes;
}

/** `1.5 GB/s`, with powers of 1000, three significant digits. */
export function formatRate(bytesPerSecond: number): string {
  const units = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];
  let value = bytesPerSecond;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toPrecision(3)} ${units[unit]}`;
}
