import type { Cell, CellType } from '../base/columns.js';

/** What programs write for "no value" in a column of numbers; an empty cell means it in every column. */
const missingNumber = new Set(['nan', '-nan', 'na', 'n/a', '#n/a', '#na', '<na>', 'null', 'none']);
// maps, not objects: a cell may hold `constructor` or `__proto__`
const booleans = new Map([
  ['true', true],
  ['false', false],
]);
const numericBooleans = new Map([
  ['1', true],
  ['0', false],
  ['1.0', true],
  ['0.0', false],
]);

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const infinity = /^[+-]?inf(inity)?$/i;

function numberIn(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (!infinity.test(text)) return undefined;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The value of a cell, or undefined where the text is not of that type. Empty means null. */
export function parseCell(text: string, type: CellType): Cell | undefined {
  if (type === 'text') return text === '' ? null : text;
  const trimmed = text.trim();
  if (trimmed === '' || missingNumber.has(trimmed.toLowerCase())) return null;
  if (type === 'boolean') return booleans.get(trimmed.toLowerCase()) ?? numericBooleans.get(trimmed);
  const value = numberIn(trimmed);
  return type === 'integer' && !Number.isInteger(value) ? undefined : value;
}

/** The narrowest type that holds every cell of an unknown column. */
export function inferType(cells: Iterable<string>): CellType {
  const possible: CellType[] = ['boolean', 'number'];
  const present = [...new Set(cells)].filter((text) => parseCell(text, 'number') !== null);
  const holds = (type: CellType) =>
    present.every((text) =>
      type === 'boolean' ? booleans.has(text.trim().toLowerCase()) : parseCell(text, type) !== undefined,
    );
  if (present.length === 0) return 'number';
  return possible.find(holds) ?? 'text';
}

/** For messages: what a cell of this type holds. */
export const typeNames: Record<CellType, string> = {
  text: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'True or False',
};
