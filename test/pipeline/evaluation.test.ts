import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { InterruptedError } from '#src/base/errors.js';
import { logo } from '#src/pipeline/logo.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { rmse } from '#src/pipeline/rmse.js';
import { readTables } from '#src/pipeline/tables.js';
import { readRecords } from '#src/records/read.js';
import { writeRecords } from '#src/records/write.js';
import { madeUpTable } from '../evaluate/made-up.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-evaluation-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const records = path.join(folder, 'CNN_made_up.csv');
const booster = 'n_estimators=20,max_depth=4';
const made = madeUpTable(48);
await writeRecords(records, made.columns, made.rows);

const headerOf = (file: string) => readFileSync(file, 'utf8').split('\n')[0]!;
const common = { family: 'cnn', files: [records], booster } as const;

t.test('logo writes the breakdowns, the summary, the predictions and how they were obtained', async (t) => {
  const out = new OutputFolder(path.join(folder, 'logo'));
  const tables = await logo(out, { ...common, holdout: 'gpu' });
  const errors =
    'n_samples,Actual_ms_mean,Pred_ORION_ms_mean,ORION_pct_error,RMSE_ORION_ms,Pred_PreNeT_ms_mean,PreNeT_pct_error,RMSE_PreNeT_ms,GPU,RMSE_mean_ms,RMSE_roofline_ms,RMSE_hybrid_ms';
  t.equal(headerOf(out.file('logo_cnn_vcpu.csv')), `model,vcpu,${errors}`);
  t.equal(headerOf(out.file('logo_cnn_storage.csv')), `model,storage,${errors}`);
  t.equal(headerOf(out.file('logo_cnn_batch.csv')), `model,batch_size,${errors}`);
  t.equal(
    headerOf(out.file('logo_cnn_summary.csv')),
    'GPU,n_samples,RMSE_ORION_ms,RMSE_PreNeT_ms,Improvement_ORION_vs_PreNeT_%,RMSE_mean_ms,RMSE_roofline_ms,RMSE_hybrid_ms,holdout',
  );
  t.equal(
    headerOf(out.file('predictions_cnn.csv')),
    'record_id,gpu_name,model,dataset,batch_size,vcpu,storage,fold,actual_ms,pred_orion_ms,pred_prenet_ms,pred_mean_ms,pred_roofline_ms,pred_hybrid_ms,pred_hybrid_low_ms,pred_hybrid_high_ms',
  );

  const { rows } = await readRecords([out.file('logo_cnn_summary.csv')], { required: ['GPU'], everything: true });
  t.same(
    rows.map(({ GPU, RMSE_ORION_ms }) => [GPU, RMSE_ORION_ms]),
    tables.summary.map(({ GPU, RMSE_ORION_ms }) => [GPU, RMSE_ORION_ms]),
  );
  const metrics = await readRecords([out.file('logo_cnn_metrics.csv')], { required: ['recipe'], everything: true });
  t.same([...new Set(metrics.rows.map(({ recipe }) => recipe))], ['orion', 'prenet', 'mean', 'roofline', 'hybrid']);
  t.match(out.readJson('logo_cnn.json'), { tool: 'orion-bench', holdout: 'gpu', obtained: { summary: /each GPU/ } });
});

t.test('rmse by groups stands beside the paper’s protocol', async (t) => {
  const out = new OutputFolder(path.join(folder, 'rmse'));
  const options = { ...common, folds: 4, seed: 42, recipes: ['orion', 'prenet'] as const };
  const byRow = await rmse(out, options);
  const byGroup = await rmse(out, { ...options, foldsBy: 'group' });
  t.notSame(byGroup.overall, byRow.overall);
  for (const file of ['rmse_cnn_grouped.csv', 'rmse_cnn_grouped_overall.csv', 'predictions_cnn_grouped.csv']) {
    t.ok(existsSync(out.file(file)), file);
  }
  t.match(out.readJson('rmse_cnn_grouped.json'), { folds_by: 'group', obtained: { overall: /held out together/ } });
  const read = await readTables(out, 'cnn');
  t.same(
    read!.predictions.map(({ pred_orion_ms }) => pred_orion_ms),
    byRow.predictions.map(({ pred_orion_ms }) => pred_orion_ms),
  );
  t.notMatch(headerOf(out.file('predictions_cnn.csv')), /mean|roofline/, 'recipes that were not asked for');
});

t.test('an evaluation that is stopped writes no table', async (t) => {
  const out = new OutputFolder(path.join(folder, 'stopped'));
  await t.rejects(logo(out, { ...common, holdout: 'gpu', signal: AbortSignal.abort() }), InterruptedError);
  t.notOk(existsSync(out.file('logo_cnn_summary.csv')));
});
