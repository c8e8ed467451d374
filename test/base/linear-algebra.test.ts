import t from 'tap';
import { cholesky, gramOf, solveCholesky, solveLower, solveLowerAll } from '#src/base/linear-algebra.js';
import { MersenneTwister } from '#src/base/random.js';

const random = new MersenneTwister(11);
const vector = (n: number) => Float64Array.from({ length: n }, () => random.float64() - 0.5);

t.test('a factor and its solutions, worked out by hand', async (t) => {
  const factor = cholesky(Float64Array.of(4, 0, 2, 5), 2);
  t.same([...factor], [2, 0, 1, 2]);
  t.same([...solveLower(factor, 2, [2, 5])], [1, 2]);
  t.same([...solveCholesky(factor, 2, [10, 13])], [1.5, 2], '4 x 1.5 + 2 x 2 = 10, 2 x 1.5 + 5 x 2 = 13');
  t.throws(() => cholesky(Float64Array.of(1, 0, 2, 1), 2), { message: 'the matrix is not positive definite' });
});

t.test('many right-hand sides and rows give what one after the other gives', async (t) => {
  const n = 7;
  for (const count of [0, 1, 3, 4, 9]) {
    const rows = Array.from({ length: count }, () => vector(n));
    const gram = gramOf(rows, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const expected = rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
        if (Math.abs(gram[i * n + j]! - expected) > 1e-15) return t.fail(`${count} rows: ${i}, ${j}`);
      }
    }
    const factor = cholesky(
      gramOf(
        Array.from({ length: 3 * n }, () => vector(n)),
        n,
      ),
      n,
    );
    const sides = rows.map((row) => row.slice());
    solveLowerAll(factor, n, sides);
    t.same(
      sides,
      rows.map((row) => solveLower(factor, n, row)),
      `${count} sides, to the bit`,
    );
  }
});
