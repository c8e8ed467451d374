import { InputError } from '../base/errors.js';

/** Fields of a parsed document, each checked: what is missing or of another kind is told with its place. */
export type JsonObject = Record<string, unknown>;

function reject(where: string, field: string, expected: string): never {
  throw new InputError(`${where}: its field '${field}' is not ${expected}.`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(from: unknown, field: string, where: string): JsonObject {
  const value = isObject(from) ? from[field] : undefined;
  return isObject(value) ? value : reject(where, field, 'an object');
}

export function objectsOf(from: JsonObject, field: string, where: string): JsonObject[] {
  const value = from[field];
  return Array.isArray(value) && value.every(isObject) ? value : reject(where, field, 'a list of objects');
}

export function textOf(from: JsonObject, field: string, where: string): string {
  const value = from[field];
  return typeof value === 'string' ? value : reject(where, field, 'a text');
}

export function textsOf(from: JsonObject, field: string, where: string): string[] {
  const value = from[field];
  const fits = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return fits ? (value as string[]) : reject(where, field, 'a list of texts');
}

/** @param length of the list; left out: at least one */
export function numbersOf(from: JsonObject, field: string, where: string, length?: number): number[] {
  const value = from[field];
  const fits = Array.isArray(value) && (length === undefined ? value.length > 0 : value.length === length);
  if (fits && value.every((each) => typeof each === 'number')) return value as number[];
  return reject(where, field, `a list of ${length ?? 'one or more'} numbers`);
}

/** XGBoost writes them as true and false, or as 1 and 0. */
export function booleansOf(from: JsonObject, field: string, where: string, length: number): boolean[] {
  const value = from[field];
  const fits = Array.isArray(value) && value.length === length;
  if (fits && value.every((each) => [true, false, 0, 1].includes(each))) return value.map(Boolean);
  return reject(where, field, `a list of ${length} truth values`);
}
