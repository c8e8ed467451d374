import { InputError } from '../base/errors.js';
import { excerptOfList } from './excerpt.js';

/** What other programs put between cells. */
const otherSeparators = /[;\t|]/;

const lettersOf = (column: string): string => column.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The likely mistake behind the missing columns, where the header shows one. */
function hint(header: readonly string[], missing: readonly string[]): string {
  const separator = header.length === 1 ? otherSeparators.exec(header[0]!)?.[0] : undefined;
  if (separator !== undefined) return `; separate cells by commas, not by '${separator === '\t' ? 'tab' : separator}'`;
  const near = header.filter((column) => missing.some((name) => lettersOf(name) === lettersOf(column)));
  return near.length === 0 ? '' : `; names must match to the letter, unlike ${excerptOfList(near)}`;
}

/** Throws InputError where the header lacks a column. @param line that the header is on */
export function requireColumns(
  file: string,
  line: number,
  header: readonly string[],
  required: readonly string[],
): void {
  const missing = required.filter((column) => !header.includes(column));
  if (missing.length === 0) return;
  const [plural, verb] = missing.length > 1 ? ['s', 'are'] : ['', 'is'];
  throw new InputError(
    `${file}, line ${line}: the required column${plural} ${missing.map((each) => `'${each}'`).join(', ')} ` +
      `${verb} missing; the file has ${excerptOfList(header)}${hint(header, missing)}.`,
  );
}
