import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { drawFigures, drawPublishedFigures } from '#src/pipeline/figures.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { writeReport } from '#src/pipeline/report.js';

const names = ['measured-predicted', 'unseen'].flatMap((kind) =>
  ['cnn', 'mlp', 'transformer'].map((family) => `published-${kind}-${family}`),
);

t.test('published: six figures in three formats, without any results', async (t) => {
  const folder = t.testdir();
  const { figures, leftOut } = await drawPublishedFigures(new OutputFolder(folder), ['svg', 'png', 'pdf']);
  t.same(leftOut, []);
  t.same(figures.map(({ name }) => name).sort(), names);
  const files = readdirSync(path.join(folder, 'figures')).sort();
  t.same(files, names.flatMap((name) => ['pdf', 'png', 'svg', 'vl.json'].map((ending) => `${name}.${ending}`)).sort());
  const beginnings = { svg: '<svg', png: '\x89PNG', pdf: '%PDF' };
  for (const [ending, beginning] of Object.entries(beginnings)) {
    for (const name of names) {
      const bytes = readFileSync(path.join(folder, 'figures', `${name}.${ending}`));
      t.equal(bytes.toString('latin1', 0, beginning.length), beginning, `${name}.${ending}`);
    }
  }
});

const summary = `GPU,n_samples,RMSE_ORION_ms,RMSE_PreNeT_ms,Improvement_ORION_vs_PreNeT_%
NVIDIA L4,3,2.5,5,50
NVIDIA A100 80GB PCIe,3,4,3,-33.3333
`;
const predictions = `record_id,gpu_name,model,dataset,batch_size,vcpu,storage,fold,actual_ms,pred_orion_ms,pred_prenet_ms
1,NVIDIA L4,resmlp,CIFAR100,32,4,NVME,NVIDIA L4,20,22,10
2,NVIDIA L4,resmlp,CIFAR100,128,4,NVME,NVIDIA L4,50,40,30
`;

t.test('what logo wrote is drawn, and reported, where there are no records', async (t) => {
  const folder = t.testdir({ 'logo_mlp_summary.csv': summary, 'predictions_mlp.csv': predictions });
  const out = new OutputFolder(folder);
  const { figures, leftOut } = await drawFigures(out, out, []);
  t.same(
    figures.map(({ name }) => name),
    ['measured-predicted-mlp', 'unseen-mlp'],
  );
  t.same(
    leftOut.map(({ name }) => name),
    ['rmse-mlp', 'rmse-baselines-mlp', 'unseen-baselines-mlp', 'breakdown-mlp'],
  );
  const barsOf = (name: string) => {
    const spec = JSON.parse(readFileSync(path.join(folder, 'figures', `${name}.vl.json`), 'utf8'));
    return spec.layer[0].data.values;
  };
  t.match(barsOf('unseen-mlp'), [
    { unseen_gpu: 'L4', series: 'PreNeT', high: 5 },
    { unseen_gpu: 'L4', series: 'ORION', high: 2.5 },
    { unseen_gpu: 'A100 80GB PCIe', series: 'PreNeT', high: 3 },
    { unseen_gpu: 'A100 80GB PCIe', series: 'ORION', high: 4 },
  ]);
  t.match(barsOf('measured-predicted-mlp'), [
    { model: 'resmlp', batch_size: '32', series: 'Measured', high: 20 },
    { series: 'Predicted (ORION)', high: 22 },
    { batch_size: '128', series: 'Measured', high: 50 },
    { series: 'Predicted (ORION)', high: 40 },
  ]);
  const { file } = await writeReport(out);
  const page = readFileSync(file, 'utf8');
  t.match(page, /<figure id="unseen-mlp"/);
  t.match(page, /<figure id="measured-predicted-mlp"/);
});

t.test('a damaged table, and a folder without any, cost one sentence', async (t) => {
  const folder = t.testdir({ 'logo_mlp_summary.csv': 'GPU,RMSE_ORION_ms,RMSE_PreNeT_ms\nNVIDIA L4,2.5\n' });
  const out = new OutputFolder(folder);
  await t.rejects(drawFigures(out, out, []), {
    name: 'InputError',
    message: /logo_mlp_summary\.csv, line 2: 2 cells where the header has 3, column 'RMSE_PreNeT_ms' is the first/,
  });
  const refused = async (table: string, message: RegExp) => {
    writeFileSync(path.join(folder, 'logo_mlp_summary.csv'), table);
    await t.rejects(drawFigures(out, out, []), { name: 'InputError', message });
  };
  await refused(summary.replace('NVIDIA L4', ''), /line 2, column 'GPU': a value is required/);
  await refused(summary.replace('2.5', 'inf'), /RMSE of ORION of .*L4 is Infinity; expected a finite number/);
  await refused(summary.replace('2.5', '1e300'), /RMSE of ORION of .*L4 is 1e\+300; expected a finite number/);
  await refused(
    'GPU,RMSE_ORION_ms,RMSE_PreNeT_ms,holdout\nL4,1,2,toString\n',
    /holdout says 'toString'; expected gpu, family, model, vcpu, storage/,
  );
  writeFileSync(path.join(folder, 'logo_mlp_summary.csv'), 'GPU,RMSE_ORION_ms,RMSE_PreNeT_ms\n');
  await t.rejects(drawFigures(out, out, []), { name: 'InputError', message: /holds no records .* and no tables/ });
});
