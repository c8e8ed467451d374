import type { FeatureMatrix } from './matrix.js';

/** The feature columns while a recipe builds them: named, ordered, one number per row (NaN = missing). */
export class Frame {
  readonly rows: number;
  readonly #columns = new Map<string, Float64Array>();

  constructor(rows: number) {
    this.rows = rows;
  }

  get names(): string[] {
    return [...this.#columns.keys()];
  }

  get(name: string): Float64Array | undefined {
    return this.#columns.get(name);
  }

  /** Adds a column behind the others, or replaces one in its place. */
  set(name: string, values: Float64Array): void {
    this.#columns.set(name, values);
  }

  /**
   * Adds a column computed row by row from others. A file that lacks one of `inputs` does without the column.
   * An input is the name of a column of this frame, or its values; undefined for a column that the file lacks.
   */
  derive(
    name: string,
    inputs: readonly (string | Float64Array | undefined)[],
    formula: (...values: number[]) => number,
  ): void {
    const sources = inputs.map((input) => (typeof input === 'string' ? this.get(input) : input));
    if (sources.includes(undefined)) return;
    const columns = sources as Float64Array[];
    this.set(
      name,
      Float64Array.from({ length: this.rows }, (_, row) => formula(...columns.map((column) => column[row]!))),
    );
  }

  /** Of each row the first value that one of the columns has; undefined where the frame has none of them. */
  firstPresent(names: readonly string[]): Float64Array | undefined {
    const columns = names.map((name) => this.get(name)).filter((column) => column !== undefined);
    if (columns.length === 0) return undefined;
    return Float64Array.from({ length: this.rows }, (_, row) => {
      const having = columns.find((column) => !Number.isNaN(column[row]));
      return having ? having[row]! : Number.NaN;
    });
  }

  /** A matrix of the columns that `keep` accepts. */
  toMatrix(keep: (name: string) => boolean = () => true): FeatureMatrix {
    const names = this.names.filter(keep);
    const data = new Float64Array(this.rows * names.length);
    for (const [index, name] of names.entries()) {
      const values = this.get(name)!;
      for (let row = 0; row < this.rows; row++) data[row * names.length + index] = values[row]!;
    }
    return { names, data, rows: this.rows };
  }
}

/** Denominators of the recipe's ratios are at least this. */
export const floored = (denominator: number): number => Math.max(denominator, 1e-9);
