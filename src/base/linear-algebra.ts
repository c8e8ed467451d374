/** Dense matrices are Float64Array, row-major. */

/**
 * Lower Cholesky factor of a symmetric, positive definite matrix [n, n]; its upper triangle is not read.
 * Throws RangeError where the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      if (i === j) {
        if (!(sum > 0)) throw new RangeError('the matrix is not positive definite');
        factor[i * n + i] = Math.sqrt(sum);
      } else {
        factor[i * n + j] = sum / factor[j * n + j]!;
      }
    }
  }
  return factor;
}

/** Solves L x = b for a lower triangular L [n, n]. */
export function solveLower(factor: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * x[k]!;
    x[i] = sum / factor[i * n + i]!;
  }
  return x;
}

/**
 * `solveLower` for many right-hand sides, each overwritten by its solution, to the same bits. Four at a time: the sums of
 * one depend on each other, those of four overlap in a processor.
 */
export function solveLowerAll(factor: Float64Array, n: number, sides: readonly Float64Array[]): void {
  let at = 0;
  for (; at + 4 <= sides.length; at += 4) {
    const [a, b, c, d] = [sides[at]!, sides[at + 1]!, sides[at + 2]!, sides[at + 3]!];
    for (let i = 0; i < n; i++) {
      let [sumA, sumB, sumC, sumD] = [a[i]!, b[i]!, c[i]!, d[i]!];
      for (let k = 0; k < i; k++) {
        const entry = factor[i * n + k]!;
        sumA -= entry * a[k]!;
        sumB -= entry * b[k]!;
        sumC -= entry * c[k]!;
        sumD -= entry * d[k]!;
      }
      const pivot = factor[i * n + i]!;
      a[i] = sumA / pivot;
      b[i] = sumB / pivot;
      c[i] = sumC / pivot;
      d[i] = sumD / pivot;
    }
  }
  for (; at < sides.length; at++) sides[at]!.set(solveLower(factor, n, sides[at]!));
}

/** A^T A for rows of A, each of n values; lower triangle of [n, n]. */
export function gramOf(rows: readonly Float64Array[], n: number): Float64Array {
  const gram = new Float64Array(n * n);
  let at = 0;
  for (; at + 4 <= rows.length; at += 4) {
    const [a, b, c, d] = [rows[at]!, rows[at + 1]!, rows[at + 2]!, rows[at + 3]!];
    for (let i = 0; i < n; i++) {
      const [valueA, valueB, valueC, valueD] = [a[i]!, b[i]!, c[i]!, d[i]!];
      const start = i * n;
      for (let j = 0; j <= i; j++)
        gram[start + j]! += valueA * a[j]! + valueB * b[j]! + (valueC * c[j]! + valueD * d[j]!);
    }
  }
  for (; at < rows.length; at++) {
    const row = rows[at]!;
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gram[i * n + j]! += row[i]! * row[j]!;
  }
  return gram;
}

/** Solves L^T x = b for a lower triangular L [n, n]. */
export function solveLowerTransposed(factor: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b);
  for (let i = n - 1; i >= 0; i--) {
    x[i]! /= factor[i * n + i]!;
    const value = x[i]!;
    for (let k = 0; k < i; k++) x[k]! -= factor[i * n + k]! * value;
  }
  return x;
}

/** Solves A x = b, given the Cholesky factor of A. */
export function solveCholesky(factor: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  return solveLowerTransposed(factor, n, solveLower(factor, n, b));
}
