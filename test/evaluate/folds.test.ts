import { createHash } from 'node:crypto';
import t from 'tap';
import { type Fold, groupedKFold, kFold } from '#src/evaluate/folds.js';
import { pythonWith, runPython } from '../support/python.js';

const { python, skip } = pythonWith('sklearn', 'numpy');

// A digest of each case: the indexes of all its folds are too many to send.
const script = `
import sys, json, hashlib, numpy
from sklearn.model_selection import KFold
def digest(n, k, seed):
    parts = [part for fold in KFold(k, shuffle=True, random_state=seed).split(numpy.zeros(n)) for part in fold]
    return hashlib.md5(b''.join(part.astype('<u4').tobytes() for part in parts)).hexdigest()
json.dump([digest(*case) for case in json.load(sys.stdin)], sys.stdout)`;

function digest(folds: readonly Fold[]): string {
  const hash = createHash('md5');
  for (const { training, heldOut } of folds) for (const part of [training, heldOut]) hash.update(part);
  return hash.digest('hex');
}

t.test("folds are scikit-learn's, index by index", { skip }, async (t) => {
  const paper = Array.from({ length: 4991 }, (_, index) => [10 + index, 5, 42] as const);
  const others: (readonly [number, number, number])[] = [
    [97, 3, 0],
    [5, 5, 4294967295],
    [20_001, 10, 7],
  ];
  const cases = [...paper, ...others];
  const expected = JSON.parse(runPython(python!, script, [], JSON.stringify(cases))) as string[];
  const different = cases.filter((each, index) => digest(kFold(...each)) !== expected[index]);
  t.equal(expected.length, cases.length);
  t.same(different, [], 'of 10 to 5,000 rows, and of other numbers of folds and seeds');
});

t.test('groups are held out whole, and every row once', async (t) => {
  const groupOf = Uint32Array.of(0, 1, 0, 2, 3, 3, 4, 1, 0);
  const folds = groupedKFold(groupOf, 5, 2, 42);
  t.same(folds.flatMap(({ heldOut }) => [...heldOut]).sort(), [...groupOf.keys()], 'each row in one fold');
  for (const { training, heldOut } of folds) {
    const [learnt, held] = [training, heldOut].map((rows) => new Set(Array.from(rows, (row) => groupOf[row])));
    t.notOk([...held!].some((group) => learnt!.has(group)));
    t.equal(training.length + heldOut.length, groupOf.length);
  }
  t.same(
    folds.map(({ heldOut }) => new Set(Array.from(heldOut, (row) => groupOf[row])).size),
    [3, 2],
    'the first fold is a group longer',
  );
});

t.test('too few rows, groups or folds are refused', async (t) => {
  t.throws(() => kFold(4, 5, 42), { name: 'InputError', message: /^4 records are too few for 5 folds/ });
  t.throws(() => kFold(10, 1, 42), { name: 'InputError', message: /^1 folds were asked for/ });
  const message = /^2 configurations are too few for 3 folds/;
  t.throws(() => groupedKFold(Uint32Array.of(0, 0, 1, 1), 2, 3, 42), { name: 'InputError', message });
});
