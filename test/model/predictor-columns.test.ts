import t from 'tap';
import type { Row } from '#src/base/columns.js';
import { MersenneTwister } from '#src/base/random.js';
import { predictorColumns } from '#src/model/hybrid/columns.js';
import { fitHybrid } from '#src/model/hybrid/fit.js';
import { likeness } from '#src/model/hybrid/kernel.js';
import { predictHybrid } from '#src/model/hybrid/predict.js';
import { WorkLikeness } from '#src/model/hybrid/work-likeness.js';
import { cards, rowsOf } from '../support/predictor-world.js';

t.test('a prediction looks at no column that is not listed', async (t) => {
  const loaded = (row: Row): Row => ({ ...row, vcpu: 4, storage: 'SSD', prepare_ms: 3, compute_only_ms: 9 });
  const rows = cards.slice(0, 3).flatMap((card) => rowsOf(card, 12).map(loaded));
  const model = fitHybrid(rows);
  t.ok(model.loader, 'the loader is modelled, so that its columns are looked at');
  const seen = new Set<string>();
  // absent cells lead to every column that stands in for another
  const bare = { gpu_name: 'x', batch_size: 8, flops_train_per_batch: 1e9, vcpu: 2, storage: 'SSD' };
  const hardware = { FP32: 1e4, SM: 80, 'Memory (GB)': 16, 'GPU Memory Bandwidth (GB/s)': 900 };
  for (const row of [rows[0]!, { ...bare, ...hardware }]) {
    const watched = new Proxy(row as Row, {
      get: (target, column: string) => {
        seen.add(column);
        return target[column];
      },
    });
    predictHybrid(model, [watched]);
  }
  t.same(
    [...seen].filter((column) => !predictorColumns.includes(column)),
    [],
  );
});

t.test('likeness of works is the same whether it is remembered or not', async (t) => {
  const random = new MersenneTwister(4);
  const workOf = () => Array.from({ length: 3 }, () => 3 * (random.uint32() / 2 ** 32));
  const distinct = Array.from({ length: 20 }, workOf);
  const centres = [...distinct, ...distinct.slice(5, 9)];
  const all = new WorkLikeness(centres);
  // more than are remembered, then some of them again
  const works = Array.from({ length: 3000 }, workOf);
  for (const work of [...works, ...works.slice(-500), ...works.slice(0, 500)]) {
    const expected = centres.map((centre) => likeness(work, centre));
    if (expected.some((value, i) => value !== all.of(work)[i])) return t.fail(`${work}`);
  }
  t.pass('4,000 works');
});
