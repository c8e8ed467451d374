import { formatRate } from '../base/units.js';

/** How the report prints what result documents hold: the unit is read from the end of the key. */

const number = (value: number, maximumFractionDigits: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits });

/** Up to four significant digits, whole numbers in full. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 10_000 ? String(value) : number(value, 0);
  return value.toLocaleString('en-US', { maximumSignificantDigits: 4 });
}

/** Milliseconds with about three significant digits. */
export function formatMs(value: number): string {
  const size = Math.abs(value);
  return value.toLocaleString('en-US', {
    minimumFractionDigits: size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2,
    maximumFractionDigits: size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2,
  });
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = value;
  let unit = 0;
  while (Math.abs(rest) >= base && unit < units.length - 1) {
    rest /= base;
    unit++;
  }
  return `${unit === 0 ? formatNumber(rest) : Number(rest.toPrecision(3))} ${units[unit]}`;
}

const flopRates = ['FLOP/s', 'kFLOP/s', 'MFLOP/s', 'GFLOP/s', 'TFLOP/s'];

/** Suffix of a key in camel or snake case -> its unit. The first that matches counts. */
const units: readonly [RegExp, (value: number) => string][] = [
  [/_gb_per_s$/, (value) => formatRate(value * 1e9)],
  [/_gflop_per_s$/, (value) => scaled(value * 1e9, 1000, flopRates)],
  [/_g_per_s$/, (value) => `${formatNumber(Number((value * 1e9).toPrecision(4)))} /s`],
  [/_us$/, (value) => scaled(value * 1000, 1000, ['ns', 'µs', 'ms', 's'])],
  [/bytes_?per_?s(econd)?$/i, formatRate],
  [/flops?_?per_?s(econd)?$/i, (value) => scaled(value, 1000, flopRates)],
  [/(_per_s|_per_second|perSecond)$/i, (value) => `${formatNumber(Number(value.toPrecision(4)))} /s`],
  [/bytes$/i, (value) => scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])],
  [/(_ns|Ns)$/, (value) => scaled(value, 1000, ['ns', 'µs', 'ms', 's'])],
  [/(_ms|Ms)$/, (value) => `${formatMs(value)} ms`],
  [/(_khz|KHz)$/, (value) => scaled(value, 1000, ['kHz', 'MHz', 'GHz'])],
];

/**
 * A number in the unit that its key tells.
 * @param path keys from the document's top to the value; the last one with a unit counts (`latencyNs`, `p50`)
 */
export function formatValue(path: readonly string[], value: string | number | boolean | null): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  for (const key of path.toReversed()) {
    const unit = units.find(([suffix]) => suffix.test(key));
    if (unit) return unit[1](value);
  }
  return formatNumber(value);
}

const timeUnit = / (?:ns|us|ms|khz)$/;

/** `latencyNs`, `p50` -> `latency p50`; a unit of time, which the value is printed with, is not repeated. */
export function labelOf(path: readonly string[]): string {
  const words = path.map((key) =>
    key
      .replace(/([a-z\d])([A-Z])/g, '$1 $2')
      .replaceAll('_', ' ')
      .toLowerCase()
      .replace(timeUnit, ''),
  );
  return words.join(' ');
}
