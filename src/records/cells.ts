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

/** Whole numbers of so many digits are exact, as is that power of ten: their quotient is then rounded once. */
const exactDigits = 15;
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, power) => Number(`1e${power}`));

const [zero, nine, point, minus] = ['0', '9', '.', '-'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];

/**
 * The number in plain digits, correctly rounded as `Number` does it and several times as fast; undefined for what is
 * written in another way or has more digits (Clinger, "How to read floating point numbers accurately", 1990).
 */
function plainNumberIn(text: string): number | undefined {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  let whole = 0;
  let digits = 0;
  let decimals = -1;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= zero && code <= nine) {
      whole = 10 * whole + (code - zero);
      digits++;
      if (decimals >= 0) decimals++;
    } else if (code === point && decimals < 0) decimals = 0;
    else return undefined;
  }
  if (digits === 0 || digits > exactDigits) return undefined;
  const value = decimals > 0 ? whole / powersOfTen[decimals]! : whole;
  return start === 1 ? -value : value;
}

function numberIn(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (!infinity.test(text)) return undefined;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The value of a cell, or undefined where the text is not of that type. Empty means null. */
export function parseCell(text: string, type: CellType): Cell | undefined {
  if (type === 'text') return text === '' ? null : text;
  const plain = type === 'boolean' ? undefined : plainNumberIn(text);
  if (plain !== undefined) return type === 'integer' && !Number.isInteger(plain) ? undefined : plain;
  const trimmed = text.trim();
  if (trimmed === '' || missingNumber.has(trimmed.toLowerCase())) return null;
  if (type === 'boolean') return booleans.get(trimmed.toLowerCase()) ?? numericBooleans.get(trimmed);
  const value = numberIn(trimmed);
  return type === 'integer' && !Number.isInteger(value) ? undefined : value;
}

/** As `parseCell`, in a column whose type was inferred: 1 and 0 are numbers there. */
export function parseInferred(text: string, type: CellType): Cell | undefined {
  const cell = parseCell(text, type);
  return typeof cell !== 'boolean' || booleans.has(text.trim().toLowerCase()) ? cell : undefined;
}

/** For messages: what a cell of this type holds. */
export const typeNames: Record<CellType, string> = {
  text: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'True or False',
};
