import { cholesky, solveCholesky } from '../base/linear-algebra.js';

/** Sum of squares below which a column counts as empty. */
const emptyColumn = 1e-300;
/** On the diagonal of columns of unit length: keeps collinear columns solvable, moves nothing else. */
const ridge = 1e-12;
/** A gradient below this, for columns of unit length and a target of unit length, is rounding. */
const tolerance = 1e-10;

/**
 * x >= 0 that minimises |A x - b|, by the active-set method of Lawson and Hanson ("Solving Least Squares Problems", 1974,
 * chapter 23). Empty columns get 0.
 * @param rows of A, each with one value per column
 */
export function nonNegativeLeastSquares(rows: readonly ArrayLike<number>[], b: ArrayLike<number>): Float64Array {
  const width = rows[0]?.length ?? 0;
  const { gram, projected, lengths } = normalEquations(rows, b, width);
  const x = new Float64Array(width);
  const free = new Set<number>();
  for (let step = 0; step < 10 * width; step++) {
    const entering = steepest(gram, projected, lengths, x, free);
    if (entering === null) break;
    free.add(entering);
    for (;;) {
      const columns = [...free].sort((a, c) => a - c);
      const solution = solveOn(columns, gram, projected, width);
      const blocked = columns.filter((_, i) => solution[i]! <= 0);
      if (blocked.length === 0) {
        x.fill(0);
        columns.forEach((column, i) => {
          x[column] = solution[i]!;
        });
        break;
      }
      moveToBound(x, columns, solution, free);
      if (free.size === 0) break;
    }
  }
  return x.map((value, column) => (lengths[column]! > 0 ? value / lengths[column]! : 0));
}

/** A^T A and A^T b with columns, and b, of unit length. */
function normalEquations(rows: readonly ArrayLike<number>[], b: ArrayLike<number>, width: number) {
  const lengths = new Float64Array(width);
  for (const row of rows) for (let i = 0; i < width; i++) lengths[i]! += row[i]! ** 2;
  for (let i = 0; i < width; i++) lengths[i] = lengths[i]! < emptyColumn ? 0 : Math.sqrt(lengths[i]!);
  const gram = new Float64Array(width * width);
  const projected = new Float64Array(width);
  for (const [index, row] of rows.entries()) {
    for (let i = 0; i < width; i++) {
      if (lengths[i] === 0) continue;
      const value = row[i]! / lengths[i]!;
      projected[i]! += value * b[index]!;
      for (let j = 0; j < width; j++) if (lengths[j]! > 0) gram[i * width + j]! += (value * row[j]!) / lengths[j]!;
    }
  }
  return { gram, projected, lengths };
}

/** The bound column along which the error falls most steeply; null at the optimum. */
function steepest(
  gram: Float64Array,
  projected: Float64Array,
  lengths: Float64Array,
  x: Float64Array,
  free: ReadonlySet<number>,
): number | null {
  const scale = Math.max(...projected.map(Math.abs), Number.MIN_VALUE);
  let best: number | null = null;
  let bestGradient = 0;
  for (let i = 0; i < x.length; i++) {
    if (free.has(i) || lengths[i] === 0) continue;
    let gradient = projected[i]!;
    for (let j = 0; j < x.length; j++) gradient -= gram[i * x.length + j]! * x[j]!;
    // Of columns that are multiples of each other the first is taken, whichever way they were rounded.
    if (gradient > bestGradient + tolerance * scale) [best, bestGradient] = [i, gradient];
  }
  return best;
}

function solveOn(columns: number[], gram: Float64Array, projected: Float64Array, width: number): Float64Array {
  const n = columns.length;
  const part = new Float64Array(n * n);
  columns.forEach((row, i) => {
    columns.forEach((column, j) => {
      part[i * n + j] = gram[row * width + column]! + (i === j ? ridge : 0);
    });
  });
  return solveCholesky(
    cholesky(part, n),
    n,
    columns.map((column) => projected[column]!),
  );
}

/** Goes from x towards the solution until the first coefficient becomes 0, and binds those that did. */
function moveToBound(x: Float64Array, columns: number[], solution: Float64Array, free: Set<number>): void {
  let share = 1;
  columns.forEach((column, i) => {
    if (solution[i]! <= 0) share = Math.min(share, x[column]! / (x[column]! - solution[i]!));
  });
  columns.forEach((column, i) => {
    x[column]! += share * (solution[i]! - x[column]!);
    if (solution[i]! <= 0 && x[column]! <= 1e-14) {
      x[column] = 0;
      free.delete(column);
    }
  });
}
