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
const exponent = /^[+-]?\d+$/;
const infinity = /^[+-]?inf(inity)?$/i;

/** Whole numbers of so many digits are exact, and so are these powers of ten: one product or quotient is rounded once. */
const exactDigits = 15;
const powersOfTen = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

const codeOf = (character: string): number => character.charCodeAt(0);
const minus = codeOf('-');
const point = codeOf('.');
const zero = codeOf('0');
const nine = codeOf('9');
const exponentMarks = [codeOf('e'), codeOf('E')];

/**
 * The number in digits, correctly rounded as `Number` does it and several times as fast; undefined for what is written in
 * another way, has more digits or is very large or small (Clinger, "How to read floating point numbers accurately", 1990).
 */
function shortNumberIn(text: string): number | undefined {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  let whole = 0;
  let digits = 0;
  let decimals = 0;
  let pointAt = -1;
  let power = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= zero && code <= nine) {
      whole = 10 * whole + (code - zero);
      digits++;
      if (pointAt >= 0) decimals++;
    } else if (code === point && pointAt < 0) pointAt = i;
    else if (exponentMarks.includes(code) && exponent.test(text.slice(i + 1))) {
      power = Number(text.slice(i + 1));
      break;
    } else return undefined;
  }
  if (digits === 0 || digits > exactDigits) return undefined;
  const scale = powersOfTen[Math.abs(power - decimals)];
  if (scale === undefined) return undefined;
  const value = power < decimals ? whole / scale : whole * scale;
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
  const short = type === 'boolean' ? undefined : shortNumberIn(text);
  if (short !== undefined) return type === 'integer' && !Number.isInteger(short) ? undefined : short;
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
