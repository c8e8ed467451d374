/** Numbers as figures print them. */

const grouped = (value: number, decimals: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** Milliseconds with about three significant digits: 0.52, 4.07, 41.3, 412, 5,000. */
export function formatMs(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return grouped(value, 0);
  if (size >= 9.995) return grouped(value, 1);
  return grouped(value, 2);
}

/** A percentage: 4.2%, 41.3%, 130%. */
export function formatPercent(value: number): string {
  return `${grouped(value, Math.abs(value) >= 99.95 ? 0 : 1)}%`;
}

/** Positions and lengths in a specification, so that it stays readable: hundredths of a point. */
export function hundredths(length: number): number {
  return Math.round(length * 100) / 100;
}

/** Values in a specification: six significant digits, far below what a print can show. */
export function sixDigits(value: number): number {
  return Number(value.toPrecision(6));
}
