import t from 'tap';
import { MersenneTwister } from '#src/base/random.js';
import { nonNegativeLeastSquares } from '#src/physics/non-negative-least-squares.js';
import { pythonWith, runPython } from '../support/python.js';

t.test('small systems worked out by hand', async (t) => {
  const cases: [name: string, rows: number[][], b: number[], x: number[]][] = [
    [
      'an exact solution',
      [
        [1, 0],
        [0, 2],
      ],
      [3, 4],
      [3, 2],
    ],
    [
      '(-1, 1.5) is not allowed: the second column alone, (2 * 2 + 2 * 1) / 8',
      [
        [1, 2],
        [2, 2],
      ],
      [2, 1],
      [0, 0.75],
    ],
    ['nothing fits', [[1], [1]], [-1, -2], [0]],
    [
      'an empty column gets 0',
      [
        [0, 1],
        [0, 1],
      ],
      [2, 4],
      [0, 3],
    ],
  ];
  for (const [name, rows, b, x] of cases) {
    const found = nonNegativeLeastSquares(rows, b);
    t.ok(
      found.every((value, i) => Math.abs(value - x[i]!) < 1e-9),
      `${name}: ${found.join()}`,
    );
  }
});

t.test('equal columns and columns of very different scale are solved', async (t) => {
  const [a, b] = nonNegativeLeastSquares(
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
    [2, 4, 6],
  );
  t.ok(a! >= 0 && b! >= 0 && Math.abs(a! + b! - 2) < 1e-6, `${a} + ${b}`);
  const scaled = nonNegativeLeastSquares(
    [
      [1e-9, 1e6],
      [3e-9, 2e6],
    ],
    [2e6, 5e6],
  );
  t.ok(Math.abs(scaled[0]! / 1e15 - 1) < 1e-9 && Math.abs(scaled[1]! - 1) < 1e-9, scaled.join());
});

const scipy = pythonWith('scipy');
t.test('random systems agree with SciPy', { skip: scipy.skip }, async (t) => {
  const random = new MersenneTwister(7);
  const uniform = () => random.uint32() / 2 ** 32;
  const systems = Array.from({ length: 60 }, (_, index) => {
    const width = 1 + (index % 7);
    const rows = Array.from({ length: width + 1 + (index % 11) }, () =>
      Array.from({ length: width }, () => uniform() - 0.3),
    );
    return { rows, b: rows.map(() => uniform() - 0.2) };
  });
  const script = `
import json, sys
from scipy.optimize import nnls
print(json.dumps([nnls(s["rows"], s["b"])[0].tolist() for s in json.load(sys.stdin)]))`;
  const expected = JSON.parse(runPython(scipy.python!, script, [], JSON.stringify(systems))) as number[][];
  for (const [index, { rows, b }] of systems.entries()) {
    const found = nonNegativeLeastSquares(rows, b);
    const worst = Math.max(...found.map((value, i) => Math.abs(value - expected[index]![i]!)));
    t.ok(worst < 1e-6, `system ${index}: ${worst}`);
  }
});
