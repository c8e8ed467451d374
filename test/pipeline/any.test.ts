import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { type Family, families, familyLabel, type Row } from '#src/base/columns.js';
import { InputError } from '#src/base/errors.js';
import { drawFigures } from '#src/pipeline/figures.js';
import { fit } from '#src/pipeline/fit.js';
import { logo } from '#src/pipeline/logo.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { writeReport } from '#src/pipeline/report.js';
import { rmse } from '#src/pipeline/rmse.js';
import { readRecords } from '#src/records/read.js';
import { writeRecords } from '#src/records/write.js';
import { cards, rowsOf } from '../support/predictor-world.js';
import { sharedFolder } from '../support/shared.js';

const parity = sharedFolder('parity');
const data = sharedFolder('data');
const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-any-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const outFolder = (name: string) => new OutputFolder(path.join(folder, name));
const booster = 'n_estimators=20,max_depth=4';
const folds = { folds: 3, seed: 42, booster };

/** A file of our own with every n-th row of others. */
async function thinned(name: string, files: readonly string[], every: number): Promise<string> {
  const { columns, rows } = await readRecords(files, { required: [] });
  const file = path.join(folder, name);
  await writeRecords(
    file,
    columns,
    rows.filter((_, index) => index % every === 0),
  );
  return file;
}

const bytesOf = (out: OutputFolder, name: string) => readFileSync(out.file(name), 'utf8');

t.test('rows of one family: the bytes of that family’s tables', { skip: parity.skip }, async (t) => {
  const recipes = ['orion', 'prenet', 'mean', 'roofline', 'hybrid'] as const;
  for (const family of ['cnn', 'transformer'] satisfies Family[]) {
    const files = [await thinned(`${family}.csv`, [path.join(parity.folder!, `${familyLabel[family]}.csv`)], 16)];
    const out = outFolder(`alone-${family}`);
    for (const each of [family, 'any'] as const) await rmse(out, { ...folds, family: each, files, recipes });
    for (const table of ['predictions_*.csv', 'rmse_*.csv', 'rmse_*_overall.csv', 'rmse_*_metrics.csv']) {
      t.equal(bytesOf(out, table.replace('*', 'any')), bytesOf(out, table.replace('*', family)), `${family}: ${table}`);
    }
  }
});

t.test('a file of mixed rows, or a file of each family', { skip: parity.skip }, async (t) => {
  const own: string[] = [];
  for (const family of families) {
    own.push(await thinned(`part-${family}.csv`, [path.join(parity.folder!, `${familyLabel[family]}.csv`)], 20));
  }
  const mixed = await thinned('mixed.csv', own, 1);
  const request = { ...folds, family: 'any', recipes: ['orion', 'prenet', 'mean', 'roofline', 'physics'] } as const;
  const tables = await rmse(outFolder('mixed'), { ...request, files: [mixed] });
  t.same(
    tables.overall.map(({ model }) => model),
    ['DeiT-Tiny', 'DistilBERT', 'Transformer', 'ViT', 'asmlp', 'densenet121', 'mixer', 'resmlp', 'resnet50', 'vgg16'],
  );
  for (const name of request.recipes) {
    t.ok(
      tables.predictions.every((row) => row[`pred_${name}_ms`]! > 0),
      `${name} predicts every row`,
    );
  }
  const [orion, mean] = ['orion', 'mean'].map((recipe) => tables.metrics.find((row) => row.recipe === recipe)!.RMSE_ms);
  t.ok(orion! < mean!, `${orion} ms where the mean of the training rows misses by ${mean} ms`);

  await rmse(outFolder('apart'), { ...request, files: own });
  t.equal(bytesOf(outFolder('apart'), 'predictions_any.csv'), bytesOf(outFolder('mixed'), 'predictions_any.csv'));

  const mixedAsOne = rmse(outFolder('refused'), { ...request, family: 'cnn', files: [mixed] });
  await t.rejects(mixedAsOne, { name: 'InputError', message: /expected CNN, found 'MLP'.*or all together as 'any'/ });
  const summary = await fit({ files: [mixed], recipe: 'hybrid', modelFile: path.join(folder, 'mixed.json') });
  t.equal(summary.rows, tables.predictions.length);
});

t.test('foreign measurements, by family of GPUs', { skip: data.skip }, async (t) => {
  const files = [path.join(data.folder!, 'Transformer_neusight.csv')];
  const request = { files, booster, holdout: 'family', recipes: ['orion', 'roofline', 'hybrid'] } as const;
  const out = outFolder('foreign');
  const tables = await logo(out, { ...request, family: 'any' });
  await logo(out, { ...request, family: 'transformer' });
  t.equal(bytesOf(out, 'predictions_any.csv'), bytesOf(out, 'predictions_transformer.csv'));
  t.equal(tables.predictions.length, 123);
  for (const name of ['summary', 'vcpu', 'storage', 'batch', 'metrics'])
    t.ok(existsSync(out.file(`logo_any_${name}.csv`)));
  t.match(out.readJson('logo_any.json'), { family: 'any', holdout: 'family', recipes: request.recipes });
});

/** Records of made-up GPUs that lack these columns. */
async function strangers(name: string, ...lacking: string[]): Promise<string> {
  const rows = cards.flatMap((card) => rowsOf(card, 6)).map((row): Row => ({ ...row, model: 'theirs', taste: 'sour' }));
  const file = path.join(folder, name);
  const columns = Object.keys(rows[0]!).filter((column) => !lacking.includes(column));
  await writeRecords(file, columns, rows);
  return file;
}

t.test('recipes that the rows do not allow are left out, and it is said', async (t) => {
  const files = [await strangers('no-compute.csv', 'T_gpu_ms', 'architecture', 'act_bytes_per_sample_proxy')];
  const notes: string[] = [];
  const out = outFolder('left-out');
  const tables = await rmse(out, { ...folds, family: 'any', files, onNote: (note) => notes.push(note) });
  const reasons = {
    prenet: '30 of 30 records have no T_gpu_ms',
    roofline: '30 of 30 records have no act_bytes_per_sample_proxy or act_bytes_per_seq_proxy',
  };
  t.same(notes, [
    `The recipe prenet is left out: ${reasons.prenet}.`,
    `The recipe roofline is left out: ${reasons.roofline}.`,
  ]);
  t.match(out.readJson('rmse_any.json'), {
    recipes: ['orion', 'mean', 'hybrid'],
    recipes_left_out: [
      { recipe: 'prenet', reason: reasons.prenet },
      { recipe: 'roofline', reason: reasons.roofline },
    ],
  });
  t.ok(tables.predictions.every((row) => row.pred_orion_ms > 0 && Number.isNaN(row.pred_prenet_ms)));
  t.same([...new Set(tables.metrics.map(({ recipe }) => recipe))], ['orion', 'mean', 'hybrid']);

  const { figures, leftOut } = await drawFigures(out, out, []);
  t.same(
    figures.map(({ name }) => name),
    ['measured-predicted-any', 'rmse-any', 'rmse-baselines-any'],
  );
  t.same(
    leftOut.map(({ name }) => name),
    ['unseen-any', 'unseen-baselines-any', 'breakdown-any'],
  );
  const { file } = await writeReport(out);
  t.match(readFileSync(file, 'utf8'), /any-family: RMSE by model/);

  const within = rmse(out, { ...folds, family: 'cnn', files });
  await t.rejects(within, InputError, 'a family’s own evaluation has all of its columns');
  await t.rejects(within, { message: /no-compute\.csv, line 1: the required column 'T_gpu_ms' is missing/ });
});

t.test('what cannot be predicted at all', async (t) => {
  const files = [await strangers('no-work.csv', 'flops_train_per_batch')];
  const out = outFolder('refused');
  const refused = rmse(out, { ...folds, family: 'any', files, recipes: ['orion', 'hybrid'] });
  await t.rejects(refused, {
    name: 'InputError',
    message:
      /no-work\.csv: nothing can predict these records, neither orion \(30 of 30 records have no flops_train_per_batch\) nor hybrid \(.*--recipes\.$/,
  });
  const nameless = [await strangers('no-model.csv', 'model')];
  await t.rejects(logo(out, { family: 'any', files: nameless, holdout: 'gpu' }), {
    name: 'InputError',
    message: /no-model\.csv, line 1: the required column 'model' is missing/,
  });
});
