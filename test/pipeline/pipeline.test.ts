import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { columnsOf, type Row } from '#src/base/columns.js';
import { InputError, InterruptedError } from '#src/base/errors.js';
import { nativeStatus } from '#src/base/native.js';
import { prepareData } from '#src/pipeline/data.js';
import { chooseDevice } from '#src/pipeline/device.js';
import { drawFigures } from '#src/pipeline/figures.js';
import { type GenerateOptions, generate } from '#src/pipeline/generate.js';
import { host } from '#src/pipeline/host.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { writeReport } from '#src/pipeline/report.js';
import { rmse } from '#src/pipeline/rmse.js';
import { readRecords } from '#src/records/read.js';
import { pythonWith, runPython } from '../support/python.js';

const { addon, reason } = nativeStatus();
const skip = addon ? false : `no addon: ${reason}`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-pipeline-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const dataRoot = path.join(folder, 'data');
const out = new OutputFolder(path.join(folder, 'results'));

/** Eight trials of a network of one block: seconds, not minutes. */
function options(changes: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    family: 'mlp',
    preset: 'quick',
    overrides: { datasets: ['CIFAR100'], batchSizes: [4, 8], workers: [1, 2], depth: 1 },
    dataRoot,
    device: 'cpu',
    warmup: 1,
    measure: 3,
    phases: 'none',
    seed: 42,
    signal: new AbortController().signal,
    ...changes,
  };
}

const journalLines = () => readFileSync(out.file('trials.jsonl'), 'utf8').trimEnd().split('\n');
const ids = (rows: Row[]) => rows.map((row) => String(row.record_id)).sort();

t.test('the whole line: trials, records, evaluation, figures, report', { skip }, async (t) => {
  await prepareData({ dataRoot, datasets: ['CIFAR100'], samples: 64, seed: 1 });

  await t.test('a sweep that is stopped keeps what it measured, and resuming adds just the rest', async (t) => {
    const controller = new AbortController();
    const first = await generate(
      out,
      options({
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done === 2) controller.abort();
        },
      }),
    );
    t.equal(first.interrupted, true);
    t.equal(first.counts.ok, 2);
    t.equal(journalLines().length, 2);
    const measured = new Map(first.rows.map((row) => [row.record_id, row.avg_batch_time_ms]));

    const rest = await generate(out, options({ resume: true }));
    t.same(rest.counts, { ok: 6, failed: 0, skipped: 0, resumed: 2 });
    t.equal(rest.interrupted, false);
    t.equal(new Set(ids(rest.rows)).size, 8, 'eight trials, none twice');
    for (const row of rest.rows.filter(({ record_id }) => measured.has(record_id!))) {
      t.equal(row.avg_batch_time_ms, measured.get(row.record_id!), 'kept as it was measured');
    }
  });

  await t.test('a torn last line of the journal costs that trial alone', async (t) => {
    const file = out.file('trials.jsonl');
    truncateSync(file, readFileSync(file).length - 20);
    const again = await generate(out, options({ resume: true }));
    t.same(again.counts, { ok: 1, failed: 0, skipped: 0, resumed: 7 });
    t.equal(journalLines().length, 8);
    for (const line of journalLines()) JSON.parse(line);
  });

  await t.test('every column of the record is there and filled', async (t) => {
    const file = out.file('MLP_CPU.csv');
    const header = readFileSync(file, 'utf8').split('\n')[0];
    t.equal(
      header,
      columnsOf('mlp')
        .map(({ name }) => name)
        .join(','),
    );
    const { rows } = await readRecords([file], { family: 'mlp', required: ['avg_batch_time_ms'] });
    t.equal(rows.length, 8);
    const phases = ['compute_only_ms', 'prepare_ms', 'fetch_ms'];
    const mayBeEmpty = new Set(['gpu_uuid', 'driver', 'reason', ...phases]);
    for (const { name } of columnsOf('mlp').filter((column) => !mayBeEmpty.has(column.name))) {
      t.ok(
        rows.every((row) => row[name] !== null),
        `${name} is filled`,
      );
    }
    for (const row of rows) {
      t.match(row, {
        data: 'synthetic',
        timing: 'real',
        provider: 'cpu',
        gpu_name: 'CPU',
        hardware_source: 'measured',
      });
    }
  });

  const { python, skip: noNumpy } = pythonWith('numpy');
  await t.test("times of the records are numpy's over the journal's samples", { skip: noNumpy }, async (t) => {
    const script = `
import json, sys, numpy as np
for line in sys.stdin:
    entry = json.loads(line)
    loader, compute = (np.array(entry["samples"][name]) for name in ("loaderMs", "computeMs"))
    total = loader + compute
    print(json.dumps([entry["record_id"], {
        "avg_batch_time_ms": total.mean(), "p90_batch_time_ms": np.percentile(total, 90),
        "T_gpu_ms": compute.mean(), "T_cpu_io_ms": loader.mean(), "T_step_ms": max(compute.mean(), loader.mean()),
        "loader_ratio": loader.sum() / total.sum(), "p50_batch_time_ms": np.median(total),
        "std_batch_ms": total.std(ddof=1),
    }]))
`;
    const { rows } = await readRecords([out.file('MLP_CPU.csv')], { family: 'mlp', required: [] });
    const answers = runPython(python!, script, [], readFileSync(out.file('trials.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    t.equal(answers.length, rows.length);
    for (const answer of answers) {
      const [id, times] = JSON.parse(answer) as [string, Record<string, number>];
      const row = rows.find(({ record_id }) => record_id === id)!;
      for (const [column, expected] of Object.entries(times)) {
        const found = Number(row[column]);
        t.ok(Math.abs(found - expected) <= 1e-9 * Math.abs(expected), `${column} is ${found}, numpy's ${expected}`);
      }
      t.equal(row.bottleneck, times.T_gpu_ms! > times.T_cpu_io_ms! ? 'gpu' : 'host');
    }
  });

  await t.test('the records are evaluated, drawn and reported', async (t) => {
    const tables = await rmse(out, {
      family: 'mlp',
      files: [out.file('MLP_CPU.csv')],
      folds: 4,
      seed: 42,
      booster: 'n_estimators=20',
    });
    t.equal(tables.predictions.length, 8);
    t.same(
      tables.overall.map(({ model }) => model),
      ['resmlp'],
    );
    const errors = tables.predictions.map((row) => (row.actual_ms - row.pred_orion_ms) ** 2);
    const expected = Math.sqrt(errors.reduce((sum, square) => sum + square, 0) / errors.length);
    t.ok(Math.abs(tables.overall[0]!.RMSE_ORION_ms - expected) < 1e-9 * expected, 'RMSE over all out-of-fold rows');

    const drawn = await drawFigures(out, out, ['svg', 'png', 'pdf']);
    t.same(drawn.figures.map(({ name }) => name).sort(), [
      'breakdown-mlp',
      'measured-predicted-mlp',
      'rmse-baselines-mlp',
      'rmse-mlp',
    ]);
    t.same(
      drawn.leftOut.map(({ name }) => name),
      ['unseen-mlp', 'unseen-baselines-mlp'],
      'one device: nothing to leave out',
    );
    for (const { files } of drawn.figures) for (const file of files) t.ok(existsSync(file), path.basename(file));
    t.match(readFileSync(out.file('figures/breakdown-mlp.svg'), 'utf8'), /synthetic data/);

    const { file } = await writeReport(out);
    const page = readFileSync(file, 'utf8');
    t.match(page, /Synthetic data/);
    t.match(page, /resmlp/);
    t.notMatch(page, /(src|href)="https?:/, 'nothing is loaded from elsewhere');
  });

  await t.test('records with an emulated accelerator are evaluated on request only', async (t) => {
    const recordsFile = path.join(folder, 'l4.csv');
    const columns = 'gpu_name,model,batch_size,precision,optimizer,T_gpu_ms';
    writeFileSync(recordsFile, `${columns}\nNVIDIA L4,resmlp,4,32,AdamW,2\n`);
    const elsewhere = new OutputFolder(path.join(folder, 'emulated'));
    const overrides = { datasets: ['CIFAR100'], batchSizes: [4], workers: [1], depth: 1, precisions: [32 as const] };
    const emulate = { gpu: 'NVIDIA L4', recordsFile };
    const { file, rows } = await generate(elsewhere, options({ device: undefined, emulate, overrides }));
    t.equal(rows.length, 2);
    const notes: string[] = [];
    const settings = { family: 'mlp', folds: 4, seed: 42, booster: 'n_estimators=5' } as const;
    const both = { ...settings, files: [out.file('MLP_CPU.csv'), file], onNote: (note: string) => notes.push(note) };
    t.equal((await rmse(elsewhere, both)).predictions.length, 8);
    t.match(notes, [/^2 records have an emulated accelerator and were left out: --include-emulated takes them too/]);
    t.equal((await rmse(elsewhere, { ...both, includeEmulated: true })).predictions.length, 10);
    const message = /all 2 records that are ok have an emulated accelerator; take them with --include-emulated/;
    await t.rejects(rmse(elsewhere, { ...settings, files: [file] }), { exitCode: 2, message });
  });

  await t.test('a trial that was not measured is kept with its reason, and reported', async (t) => {
    const elsewhere = new OutputFolder(path.join(folder, 'skipped'));
    // Else the host is measured anew, which takes seconds.
    await host(elsewhere, 1);
    const overrides = { datasets: ['CIFAR100'], precisions: [16 as const], depth: 1, limit: 1 };
    const { counts, rows } = await generate(elsewhere, options({ overrides }));
    t.same(counts, { ok: 0, failed: 0, skipped: 1, resumed: 0 });
    t.match(rows[0], { status: 'skipped', reason: /precision 16/, avg_batch_time_ms: null });
    t.same((await drawFigures(elsewhere, elsewhere, ['svg'])).figures, []);
    t.match(readFileSync((await writeReport(elsewhere)).file, 'utf8'), /precision 16 is measured on a GPU only/);
    const settings = { family: 'mlp', files: [elsewhere.file('MLP_CPU.csv')], folds: 5, seed: 42 } as const;
    await t.rejects(rmse(elsewhere, settings), { exitCode: 2, message: /none of the 1 records has the status ok/ });
  });

  await t.test('an evaluation that is stopped writes no table', async (t) => {
    const elsewhere = new OutputFolder(path.join(folder, 'stopped'));
    const settings = { family: 'mlp', files: [out.file('MLP_CPU.csv')], folds: 4, seed: 42 } as const;
    await t.rejects(rmse(elsewhere, { ...settings, signal: AbortSignal.abort() }), InterruptedError);
    t.notOk(existsSync(elsewhere.file('rmse_mlp.csv')));
  });
});

t.test('a device is chosen with a word on it, and never replaced by another', async (t) => {
  const notes: string[] = [];
  const chosen = await chooseDevice(undefined, (note) => notes.push(note));
  t.equal(notes.length, 1);
  t.match(notes[0], chosen.provider === 'cuda' ? /CUDA/ : /measuring on the CPU/);
  t.match(await chooseDevice('CPU'), { provider: 'cpu', name: 'CPU' });
  for (const name of ['gpu', 'cpu:1', 'cuda:x', '']) await t.rejects(chooseDevice(name), InputError, name);
});
