import { type CellType, columnsOf, type Family } from '../base/columns.js';
import { parseInferred } from './cells.js';
import type { CsvContents } from './csv.js';

const candidates = ['boolean', 'number'] as const;

/** The narrowest type that holds every cell of a column that it was shown. */
class InferredType {
  #possible: readonly CellType[] = candidates;
  #present = false;
  #lastText = '';

  add(text: string): void {
    if (text === this.#lastText || this.#possible.length === 0) return;
    this.#lastText = text;
    if (parseInferred(text, 'number') === null) return;
    this.#present = true;
    this.#possible = this.#possible.filter((type) => parseInferred(text, type) !== undefined);
  }

  get type(): CellType {
    return this.#present ? (this.#possible[0] ?? 'text') : 'number';
  }
}

/** Types of columns: the known ones as listed, the others from the cells that it was shown. */
export class ColumnTypeInference {
  readonly #known: ReadonlyMap<string, CellType>;
  readonly #inferred = new Map<string, InferredType>();

  constructor(family: Family | undefined) {
    this.#known = new Map(columnsOf(family ?? 'any').map(({ name, type }) => [name, type]));
  }

  add({ header, records }: CsvContents): void {
    for (const [index, column] of header.entries()) {
      if (this.#known.has(column)) continue;
      const inferred = this.#inferred.get(column) ?? new InferredType();
      this.#inferred.set(column, inferred);
      for (const { cells } of records) inferred.add(cells[index]!);
    }
  }

  /** Names of the columns that are not listed. */
  get inferred(): Set<string> {
    return new Set(this.#inferred.keys());
  }

  /** Of the listed columns and of those that it was shown. */
  get types(): Map<string, CellType> {
    return new Map([...this.#known, ...[...this.#inferred].map(([column, { type }]) => [column, type] as const)]);
  }
}
