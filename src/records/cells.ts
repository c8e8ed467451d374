import type { Cell, CellType } from '../base/columns.js';

/** What programs write for "no value" in a column of numbers; an empty cell means it in every column. */
const missingNumber = new Set(['nan', 'na', 'n/a', 'null', 'none']);
const infinities: Record<string, number> = {
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
};
const booleans: Record<string, boolean> = { true: true, false: false };
const numericBooleans: Record<string, boolean> = { '1': true, '0': false, '1.0': true, '0.0': false };

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberIn(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  return infinities[text.toLowerCase()];
}

/** The value of a cell, or undefined where the text is not of that type. Empty means null. */
export function parseCell(text: string, type: CellType): Cell | undefined {
  if (type === 'text') return text === '' ? null : text;
  const trimmed = text.trim();
  if (trimmed === '' || missingNumber.has(trimmed.toLowerCase())) return null;
  if (type === 'boolean') return booleans[trimmed.toLowerCase()] ?? numericBooleans[trimmed];
  const value = numberIn(trimmed);
  return type === 'integer' && Number.isFinite(value) && !Number.isInteger(value) ? undefined : value;
}

/** The narrowest type that holds every cell of an unknown column. */
export function inferType(cells: Iterable<string>): CellType {
  const possible: CellType[] = ['boolean', 'number'];
  const present = [...new Set(cells)].filter((text) => parseCell(text, 'number') !== null);
  const holds = (type: CellType) =>
    present.every((text) =>
      type === 'boolean' ? text.trim().toLowerCase() in booleans : parseCell(text, type) !== undefined,
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
