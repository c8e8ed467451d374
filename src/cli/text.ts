/** A table with aligned columns: numbers right, text left. Among numbers an empty text is a missing one. */
export function formatTable(headers: string[], rows: (string | number)[][]): string {
  const cells = [headers, ...rows.map((row) => row.map(String))];
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const numeric = headers.map((_, column) => {
    const present = rows.map((row) => row[column]).filter((cell) => cell !== '');
    return present.length > 0 && present.every((cell) => typeof cell === 'number');
  });
  const line = (row: string[]) =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ');
  return cells.map((row) => line(row).trimEnd()).join('\n');
}

/** Rounds to significant digits and stays a number (no exponent for the sizes printed here). */
export function significant(value: number, digits = 4): number {
  return value === 0 || !Number.isFinite(value) ? value : Number(value.toPrecision(digits));
}

/** As `significant`; an empty text where there is no value. */
export const significantOrNone = (value: number | undefined): number | string =>
  value === undefined || Number.isNaN(value) ? '' : significant(value);

/** `2 h 03 min`, `1 min 05 s`, `42 s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  return minutes > 0 ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
}
