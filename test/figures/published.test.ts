import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { familyLabel } from '#src/base/columns.js';
import { publishedFigures } from '#src/figures/index.js';
import { layOut } from '#src/figures/render.js';
import { readPublishedValues } from '#src/pipeline/published.js';
import { sharedFolder } from '../support/shared.js';
import { outside, overlaps, sceneOf } from './scene.js';

const values = readPublishedValues();
const families = ['mlp', 'cnn', 'transformer'] as const;
const figures = publishedFigures(values);

type Datum = Record<string, string | number>;

/** The data of a layer: 0 = bars, 1 = what is printed over them. */
const dataOf = (name: string, layer: number): Datum[] => {
  const { spec } = figures.find((figure) => figure.name === name)!;
  return (spec as unknown as { layer: { data: { values: Datum[] } }[] }).layer[layer]!.data.values;
};

const reference = sharedFolder('reference');

/** Lines of a table of the paper, the header left out. */
const linesOf = (name: string): string[][] =>
  readFileSync(path.join(reference.folder!, name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

t.test("the paper's six figures, in its order", async (t) => {
  t.same(
    figures.map(({ name, title }) => [name, /\(published, Figure (\d)\)$/.exec(title)?.[1]]),
    [
      ['published-unseen-mlp', '2'],
      ['published-unseen-cnn', '3'],
      ['published-unseen-transformer', '4'],
      ['published-measured-predicted-mlp', '5'],
      ['published-measured-predicted-cnn', '6'],
      ['published-measured-predicted-transformer', '7'],
    ],
  );
});

t.test('RMSE per unseen GPU: the bars and the numbers over them are the table', { skip: reference.skip }, async (t) => {
  for (const family of families) {
    const expected = linesOf(`${familyLabel[family]}_Unseen.csv`).flatMap(([gpu, orion, prenet]) => [
      { unseen_gpu: gpu, series: 'PreNeT', high: Number(prenet) },
      { unseen_gpu: gpu, series: 'ORION', high: Number(orion) },
    ]);
    const name = `published-unseen-${family}`;
    const bars = dataOf(name, 0).map(({ unseen_gpu, series, high }) => ({ unseen_gpu, series, high }));
    t.same(bars, expected, name);
    t.same(
      dataOf(name, 1).map(({ text }) => text),
      expected.map(({ high }) => String(high)),
    );
  }
});

t.test('iteration times: bars and errors are the table', { skip: reference.skip }, async (t) => {
  for (const family of families) {
    const lines = linesOf(`${familyLabel[family]}_ModelbyModel.csv`);
    const name = `published-measured-predicted-${family}`;
    t.same(
      dataOf(name, 0).map(({ model, batch_size, series, high }) => [model, batch_size, series, high]),
      lines.flatMap(([model, batch, measured, predicted]) => [
        [model, batch, 'Measured', Number(measured)],
        [model, batch, 'Predicted (ORION)', Number(predicted)],
      ]),
      name,
    );
    t.same(
      dataOf(name, 1).map(({ text }) => text),
      lines.map((line) => line[4]),
      'the errors as printed',
    );
  }
});

t.test('the errors belong to the times', async (t) => {
  for (const family of families) {
    for (const { model, batch_size, measured_ms, predicted_ms, error_percent } of values.families[family]
      .iteration_times.rows) {
      const error = (100 * Math.abs(predicted_ms - measured_ms)) / measured_ms;
      t.ok(Math.abs(error - error_percent) <= 0.05, `${model} ${batch_size}: ${error.toFixed(2)}, ${error_percent}`);
    }
  }
});

t.test('nothing overlaps or is cut off, and the page says that the values are published', async (t) => {
  for (const { name, spec, caption } of figures) {
    const view = await layOut(spec);
    const scene = sceneOf(view);
    view.finalize();
    t.same(outside(scene, [...scene.texts, ...scene.bars]), [], name);
    t.same(overlaps(scene.texts, scene.texts), [], name);
    t.same(overlaps(scene.texts, scene.bars), [], name);
    t.ok(
      scene.texts.some(({ what }) => /published values/i.test(what)),
      name,
    );
    t.ok(caption.includes(values.source));
  }
});
