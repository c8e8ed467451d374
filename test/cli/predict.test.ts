import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t, { type Test } from 'tap';
import type { Row } from '#src/base/columns.js';
import { packageRoot } from '#src/base/package.js';
import { describedRows } from '#src/pipeline/predictor-rows.js';
import { readCatalogue } from '#src/records/catalogue.js';
import { writeRecords } from '#src/records/write.js';
import { rowsOf, cards as strangers, worldMs } from '../support/predictor-world.js';
import type { Outcome } from './main-process.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-predict-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string) => path.join(folder, name);

const resident = fork(path.join(packageRoot, 'dist-test/cli/main-process.js'), { cwd: folder });
t.teardown(() => resident.disconnect());

/** Runs a command line as the executable does, one at a time. */
async function run(...args: string[]): Promise<Outcome> {
  resident.send(args);
  const [outcome] = (await once(resident, 'message')) as [Outcome];
  return outcome;
}

/** Rows of the made-up world on a card of the catalogue. */
function rowsOn(gpuName: string, count: number, factor = 1): Row[] {
  const rows = rowsOf(strangers[0]!, count, { seed: gpuName.length }).map((row, i): Row => {
    const work = Object.entries(row).filter(([column]) => !(column in strangers[0]!));
    return { ...Object.fromEntries(work), gpu_name: gpuName, model: `network ${i % 3}` };
  });
  return describedRows(rows.map((row) => ({ ...row }))).map((row, i) => ({
    ...rows[i]!,
    avg_batch_time_ms: factor * worldMs(row),
  }));
}

const columns = Object.keys(rowsOn('Tesla T4', 1)[0]!);
const fitted = ['Tesla T4', 'Tesla V100-SXM2-16GB', 'NVIDIA A100 40GB PCIe', 'NVIDIA L4'];
await writeRecords(
  inFolder('world.csv'),
  columns,
  fitted.flatMap((gpu) => rowsOn(gpu, 30)),
);
await writeRecords(inFolder('slow-a40.csv'), columns, rowsOn('NVIDIA A40', 10, 1.5));
writeFileSync(
  inFolder('prices.csv'),
  'gpu_name,price_per_hour\nTesla T4,0.5\nNVIDIA H200,4\nA card of another world,1\n',
);
await run('fit', '--csv', 'world.csv', '--model', 'model.json');

async function json(t: Test, ...args: string[]) {
  const { exit, stdout, stderr } = await run(...args, '--json');
  t.equal(exit, 0, stderr);
  return JSON.parse(stdout);
}

const resnet = ['predict', 'resnet50', '--model', 'model.json'];

t.test('fit says what it learnt, and writes nothing of this machine but the header', async (t) => {
  const summary = await json(t, 'fit', '--csv', 'world.csv', '--model', 'again.json');
  t.match(summary, { model_file: 'again.json', recipe: 'hybrid', rows: 120 });
  t.ok(Math.abs(summary.coefficients.roofline / 0.8 - 1) < 0.02, `${summary.coefficients.roofline}`);
  t.match(
    summary.devices.map(({ gpu_name, rows }: { gpu_name: string; rows: number }) => [gpu_name, rows]),
    fitted.map((gpu) => [gpu, 30]),
  );
  const document = JSON.parse(readFileSync(inFolder('again.json'), 'utf8'));
  t.match(document, { tool: 'orion-bench', format: 'orion-bench predictor', version: 1 });
  t.same(document.model, JSON.parse(readFileSync(inFolder('model.json'), 'utf8')).model);
  const physics = await json(t, 'fit', '--csv', 'world.csv', '--recipe', 'physics', '--model', 'physics.json');
  t.equal(physics.transfer, 0);
});

t.test('one case: time, interval, parts, memory', async (t) => {
  const answer = await json(t, ...resnet, '--gpu', 'NVIDIA A40');
  t.ok(answer.low_ms < answer.time_ms && answer.time_ms < answer.high_ms);
  t.equal(answer.samples_per_s, 32_000 / answer.time_ms, 'the default batch of 32');
  t.match(answer, { gpu_name: 'NVIDIA A40', bottleneck: 'device', gpu_fitted: false, loader_ms: null });
  t.equal(answer.memory_bytes, 48e9);
  const { stdout: text } = await run(...resnet, '--gpu', 'NVIDIA A40');
  t.match(text, /^NVIDIA A40: [\d.]+ ms per iteration \(90 %: [\d.]+ ms to [\d.]+ ms\), [\d.]+ samples\/s\n/);
  t.match(text, /no record of this GPU was fitted/);
  const { time_ms: larger } = await json(t, ...resnet, '--gpu', 'NVIDIA A40', '--batch-size', '64');
  t.ok(larger > answer.time_ms, 'a larger batch takes longer');
});

t.test('columns by hand: another card than the catalogue has', async (t) => {
  const given = [
    'GPU Memory Bandwidth (GB/s)=696',
    'Memory (GB)=48',
    'SM=84',
    'FP32=37420',
    'TDP (W)=300',
    'L2 (MB)=6',
  ];
  const { time_ms: byHand } = await json(t, ...resnet, '--gpu', 'Homemade', '--set', ...given);
  const { time_ms: known } = await json(t, ...resnet, '--gpu', 'NVIDIA A40');
  t.ok(Math.abs(byHand / known - 1) < 0.01, `${byHand} and ${known}`);
});

t.test('a GPU that was measured: unknown to the catalogue, or known, as it should be or not', async (t) => {
  // Made up, with round numbers: no GPU ran it.
  const suite = JSON.parse(readFileSync(path.join(packageRoot, 'test/fixtures/gpu/suite.json'), 'utf8'));
  const { device, measurements } = suite.devices[0];
  await run('gpu', '--import', path.join(packageRoot, 'test/fixtures/gpu/suite.json'), '--out', 'unknown');
  const file = path.join('unknown', 'gpu.json');
  const measured = await json(t, ...resnet, '--gpu', file);
  t.match(measured, { gpu_name: 'Made-up GPU', gpu_fitted: false, memory_bytes: 16e9 });
  t.match(measured.notes[0], /^memory bandwidth: 920 GB\/s measured; usual are 90 %: 1022 taken as a data sheet's$/);
  const asSheet = ['GPU Memory Bandwidth (GB/s)=1022', 'FP32=19390', 'FP16_matrix=117600', 'FP16=38780'];
  const facts = ['Memory (GB)=16', 'SM=50', 'L2 (MB)=20', 'TDP (W)=200'];
  const byHand = await json(t, ...resnet, '--gpu', 'Made-up GPU', '--set', ...asSheet, ...facts);
  t.equal(measured.time_ms, byHand.time_ms);
  t.match((await run(...resnet, '--gpu-file', file)).stdout, /^fp32 rate: 19000 GFLOP\/s measured; usual are 98 %/m);
  const slower = await json(t, ...resnet, '--gpu', file, '--set', 'FP32=2000');
  t.ok(slower.time_ms > measured.time_ms, 'columns by hand come first');

  const card = (name: string, copyGBps: number, fp32 = 0.93 * 37_420) => {
    const rates: Record<string, object> = {
      copy: { bytesPerSecond: copyGBps * 1e9, sensors: null },
      'fma-fp32': { operationsPerSecond: fp32 * 1e9 },
    };
    const cases = measurements
      .filter((each: { name: string }) => each.name in rates)
      .map((each: { name: string }) => ({ ...each, ...rates[each.name] }));
    return { device: { ...device, name }, suite: 'quick', measurements: cases };
  };
  const written = async (folder: string, ...devices: object[]) => {
    writeFileSync(inFolder(`${folder}-suite.json`), JSON.stringify({ ...suite, devices }));
    const { stderr } = await run('gpu', '--import', `${folder}-suite.json`, '--out', folder);
    t.equal(stderr, '');
    return path.join(folder, 'gpu.json');
  };
  const catalogued = await json(t, ...resnet, '--gpu', 'NVIDIA A40');
  const usual = await json(t, ...resnet, '--gpu', await written('usual', card('NVIDIA A40', 0.9 * 696)));
  t.equal(usual.time_ms, catalogued.time_ms, 'a card as its data sheet promises is that of the catalogue');
  t.match(usual.notes, [
    /90 % of the data sheet's 696, which is kept/,
    /93 % .* kept/,
    /^fp16 matrix rate: not measured/,
  ]);
  const two = await written('slow', card('NVIDIA A40', 320), card('Tesla T4', 290, 7600));
  const slow = await json(t, ...resnet, '--gpu-file', two, '--gpu', 'NVIDIA A40');
  const half = await json(t, ...resnet, '--gpu', 'NVIDIA A40', '--set', 'GPU Memory Bandwidth (GB/s)=355.6');
  t.equal(slow.time_ms, half.time_ms, '320 GB/s are those of a card with 355.6 on its sheet');

  t.match(await json(t, ...resnet, '--gpu-file', two, '--gpu', 'Tesla T4'), { gpu_fitted: true }, 'it is recognised');

  const { ranking } = await json(t, ...resnet, '--all-gpus', '--gpu-file', two);
  const ranked = (name: string) => ranking.filter((each: { gpu_name: string }) => each.gpu_name === name);
  t.match(ranked('NVIDIA A40'), [{ time_ms: slow.time_ms, notes: slow.notes }], 'measured, in place of its data sheet');
  t.equal(ranked('NVIDIA L4').length, 1);
  t.equal(ranking.length, readCatalogue().length);
  const withOwn = await json(t, ...resnet, '--all-gpus', '--gpu-file', file);
  t.equal(withOwn.ranking.length, readCatalogue().length + 1, 'a card that the catalogue lacks comes on top');

  writeFileSync(inFolder('old.json'), '{"device": {}, "measurements": []}');
  const none = await written('none', { ...card('Another made-up GPU', 1), measurements: [] });
  const cases: [args: string[], sentence: RegExp][] = [
    [['--gpu-file', two], /has several GPUs: give one of NVIDIA A40, Tesla T4 with --gpu/],
    [['--gpu-file', two, '--gpu', 'NVIDIA A4'], /--gpu does not know 'NVIDIA A4' \(did you mean 'NVIDIA A40'\?\)/],
    [['--gpu-file', two, '--gpu', two], /both name a file/],
    [['--gpu', 'nowhere.json'], /nowhere\.json cannot be read .*: give a gpu\.json/],
    [['--gpu', 'old.json'], /old\.json is not a gpu\.json with fingerprints/],
    [['--gpu', none], /does not tell GPU Memory Bandwidth \(GB\/s\), FP32 of Another made-up GPU: measure again/],
    [['--gpu-file', two, '--gpu', 'NVIDIA A40', '--all-gpus'], /Give either --gpu NAME or --all-gpus/],
  ];
  for (const [args, sentence] of cases) {
    const { exit, stderr } = await run(...resnet, ...args);
    t.equal(exit, 2, args.join(' '));
    t.match(stderr, sentence);
  }
});

t.test('rates of a host and its storage, from what was measured there', async (t) => {
  const storage = (results: object[]) => JSON.stringify({ results });
  const read = (name: string, more: object) => ({
    ...{ target: '/data', name, threads: 1, depth: 1, blockBytes: 4096, pattern: 'random' },
    measurement: { bytesPerSecond: 50e6, failure: null },
    ...more,
  });
  const files = read('whole files', { pattern: 'files', measurement: { bytesPerSecond: 200e6, failure: null } });
  const larger = read('random 128k', { blockBytes: 131072, measurement: { bytesPerSecond: 100e6, failure: null } });
  writeFileSync(inFolder('host.json'), JSON.stringify({ decode: { one_thread: { images_per_s: 400 } } }));
  writeFileSync(inFolder('files.json'), storage([read('random 4k', {}), files, larger]));
  writeFileSync(inFolder('blocks.json'), storage([read('random 4k', {}), read('deep', { depth: 32 }), larger]));
  writeFileSync(inFolder('failed.json'), storage([read('x', { measurement: { bytesPerSecond: 1, failure: 'no' } })]));
  const { decodeRateOf, readRateOf } = await import('#src/pipeline/host-files.js');
  t.equal(decodeRateOf(inFolder('host.json')).rate, 400);
  t.equal(readRateOf(inFolder('files.json')).rate, 200, 'whole files, as a loader reads them');
  t.equal(readRateOf(inFolder('blocks.json')).rate, 100, 'else the largest blocks');

  const onA40 = [...resnet, '--gpu', 'NVIDIA A40'];
  const workers = ['--workers', '2', '--storage', 'SSD'];
  const byFile = await run(...onA40, ...workers, '--host', 'host.json', '--storage-file', 'files.json', '--json');
  t.match(
    byFile.stderr,
    /host\.json: one worker prepares 400\.0 images\/s .*\n.*reads 200\.0 MB\/s \(whole files of \/data\)/,
  );
  const byHand = await json(t, ...onA40, ...workers, '--decode-rate', '400', '--read-mbps', '200');
  t.same(JSON.parse(byFile.stdout), byHand);

  const cases: [args: string[], sentence: RegExp][] = [
    [['--host', 'host.json'], /--host is for the loader: give --workers N too/],
    [[...workers, '--host', 'host.json', '--decode-rate', '1'], /Give either --host or --decode-rate/],
    [[...workers, '--storage-file', 'files.json', '--read-mbps', '1'], /Give either --storage-file or --read-mbps/],
    [[...workers, '--host', 'files.json'], /--host files\.json has no decode rate/],
    [[...workers, '--host', 'no.json'], /--host no\.json cannot be read .*: write one with 'host'/],
    [[...workers, '--storage-file', 'failed.json'], /--storage-file failed\.json has no reads as a loader worker/],
  ];
  for (const [args, sentence] of cases) {
    const { exit, stderr } = await run(...onA40, ...args);
    t.equal(exit, 2, args.join(' '));
    t.match(stderr, sentence);
  }
});

t.test('a network of an ONNX file', async (t) => {
  await run('export', 'resnet50', '--mode', 'inference', '--out', 'graphs');
  const file = path.join('graphs', 'models', 'resnet50.onnx');
  const fromFile = await json(t, 'predict', '--onnx', file, '--model', 'model.json', '--gpu', 'NVIDIA A40');
  const { time_ms: ours } = await json(t, ...resnet, '--gpu', 'NVIDIA A40');
  t.ok(Math.abs(fromFile.time_ms / ours - 1) < 0.3, `${fromFile.time_ms} and ${ours}: a kernel more or less`);
  t.equal(fromFile.samples_per_s, 32_000 / fromFile.time_ms);
});

t.test('every card of the catalogue, ranked, with what an epoch costs', async (t) => {
  const { ranking } = await json(t, ...resnet, '--all-gpus', '--price', 'prices.csv', '--epoch-samples', '100000');
  t.equal(ranking.length, readCatalogue().length);
  const fitting = ranking.filter(({ fits }: { fits: boolean }) => fits);
  for (let i = 1; i < fitting.length; i++) t.ok(fitting[i - 1].time_ms <= fitting[i].time_ms);
  const t4 = ranking.find(({ gpu_name }: { gpu_name: string }) => gpu_name === 'Tesla T4');
  const hours = (t4.time_ms * 100_000) / 32 / 3.6e6;
  t.ok(Math.abs(t4.cost_per_epoch / (0.5 * hours) - 1) < 1e-9);
  t.equal(ranking.filter((each: { cost_per_epoch: null }) => each.cost_per_epoch !== null).length, 2);
  t.match((await run(...resnet, '--all-gpus')).stdout, /^GPU +ms +from +to +samples\/s +fits +fitted\n/);
});

t.test('a file of records, and a handful of measured ones for calibration', async (t) => {
  const meanRatio = () => {
    const [header, ...lines] = readFileSync(inFolder('o/predictions.csv'), 'utf8').trim().split('\n');
    const names = header!.split(',');
    const ratios = lines.map((line) => {
      const cells = line.split(',');
      return Number(cells[names.indexOf('pred_hybrid_ms')]) / Number(cells[names.indexOf('actual_ms')]);
    });
    return ratios.reduce((a, b) => a + b) / ratios.length;
  };
  const file = ['predict', '--model', 'model.json', '--csv', 'slow-a40.csv', '--out', 'o'];
  t.same(await json(t, ...file), { file: path.join('o', 'predictions.csv'), rows: 10 });
  t.ok(Math.abs(meanRatio() - 1 / 1.5) < 0.03, `${meanRatio()}`);
  for (const extra of [['--gpu-file', 'gpu.json'], ['--all-gpus'], ['--batch-size', '8'], ['--workers', '2']]) {
    const { exit, stderr } = await run(...file, ...extra);
    t.equal(exit, 2);
    t.match(stderr, `With --csv the records say what is predicted, and where: leave out ${extra[0]}.`);
  }
  await json(t, ...file, '--calibrate', 'slow-a40.csv');
  t.ok(Math.abs(meanRatio() - 1) < 0.03, `${meanRatio()} when calibrated`);
});

t.test('absurd input gets one sentence', async (t) => {
  writeFileSync(inFolder('damaged.json'), readFileSync(inFolder('model.json'), 'utf8').slice(0, 3000));
  writeFileSync(inFolder('negative.csv'), 'gpu_name,batch_size,flops_train_per_batch\nTesla T4,-8,1e9\n');
  writeFileSync(inFolder('free.csv'), 'gpu_name,price_per_hour\nTesla T4,0\n');
  const cases: [args: string[], sentence: RegExp][] = [
    [
      [...resnet, '--gpu', 'NVIDIA H10O PCIe'],
      /--gpu 'NVIDIA H10O PCIe' is not in the catalogue: .* Near names: .*PCIe/,
    ],
    [[...resnet, '--gpu', 'L44'], /Near names: NVIDIA L4\.$/m],
    [[...resnet, '--gpu', 'Tesla T4', '--batch-size', '-4'], /--batch-size/],
    [[...resnet, '--gpu', 'Tesla T4', '--set', 'total_state_bytes=9e10'], /resnet50 does not fit Tesla T4: .* 16.0 GB/],
    [[...resnet, '--gpu', 'Tesla T4', '--set', 'flops'], /--set takes COLUMN=VALUE, not 'flops'/],
    [[...resnet], /Give either --gpu NAME or --all-gpus/],
    [['predict', '--model', 'model.json', '--gpu', 'Tesla T4'], /Name a network to predict, or give --onnx FILE/],
    [
      ['predict', '--onnx', 'damaged.json', '--model', 'model.json', '--gpu', 'Tesla T4'],
      /is not an ONNX model, or damaged/,
    ],
    [
      ['predict', '--onnx', 'none.onnx', '--model', 'model.json', '--gpu', 'Tesla T4'],
      /--onnx none\.onnx cannot be read/,
    ],
    [[...resnet, '--gpu', 'Tesla T4', '--shape', 'x=1,2'], /--shape is for ONNX files/],
    [
      ['predict', '--onnx', 'damaged.json', '--shape', 'x', '--model', 'model.json', '--gpu', 'Tesla T4'],
      /--shape takes NAME=EXTENT/,
    ],
    [['predict', 'resnet51', '--model', 'model.json', '--gpu', 'Tesla T4'], /Unknown network 'resnet51'.*resnet50/],
    [['predict', 'resnet50', '--model', 'nowhere.json', '--gpu', 'Tesla T4'], /--model nowhere.json cannot be read/],
    [['predict', 'resnet50', '--model', 'damaged.json', '--gpu', 'Tesla T4'], /damaged.json is not a predictor/],
    [
      ['predict', '--model', 'model.json', '--csv', 'negative.csv'],
      /Record 1: batch_size must be a positive number, not '-8'/,
    ],
    [[...resnet, '--all-gpus', '--price', 'free.csv'], /price_per_hour of 'Tesla T4' must be a positive number/],
    [['fit', '--csv', 'world.csv', '--model', path.join('no', 'such', 'model.json')], /could not be written/],
    [['fit', '--csv', 'world.csv', '--recipe', 'magic', '--model', 'm.json'], /--recipe does not know 'magic'/],
  ];
  for (const [args, sentence] of cases) {
    const { exit, stderr } = await run(...args);
    t.equal(exit, 2, args.join(' '));
    t.match(stderr, sentence);
    t.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

t.test('logo and rmse print every recipe that was asked for, and what ingredients are worth', async (t) => {
  const asked = ['--csv', 'world.csv', '--recipes', 'hybrid', 'physics', '--out', 'judged'];
  const { exit, stdout, stderr } = await run('logo', 'any', ...asked, '--ablation', '--holdout', 'family');
  t.equal(exit, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  t.match(lines[0], /^unseen GPU family +records +hybrid \(ms\) +\(%\) +physics \(ms\) +\(%\)$/);
  const families = new Set(describedRows(fitted.map((gpu_name): Row => ({ gpu_name }))).map((row) => row.gpu_arch));
  const all = lines[families.size + 1]!.split(/ +/);
  t.same(all.slice(0, 2), ['all', String(30 * fitted.length)]);
  t.ok(all.slice(2).every((cell) => Number(cell) >= 0) && all.length === 6, `${all}`);
  t.match(lines[families.size + 3], /^hybrid without +RMSE \(ms\) +MAPE \(%\) +90 % interval holds \(%\)$/);
  t.match(stdout, /\nnothing +\S+ +\S+ +\d+\n/);
  t.match(stderr, /RMSE in ms, mean absolute error in %/);

  const summary = await json(t, 'rmse', 'any', ...asked, '--ablation');
  const file = readFileSync(inFolder('judged/rmse_any_ablation.csv'), 'utf8').trimEnd().split('\n');
  t.equal(file[0], 'left_out,n_samples,RMSE_ms,MAPE_%,n_intervals,interval_holds_%');
  t.same(
    summary.ablation.map((row: { left_out: string }) => row.left_out),
    file.slice(1).map((line) => line.split(',')[0]),
  );
  const written = JSON.parse(readFileSync(inFolder('judged/rmse_any.json'), 'utf8'));
  t.same(written.ablation, summary.ablation);
  const plain = await json(t, 'rmse', 'any', ...asked);
  t.equal(plain.ablation, null, 'not asked for');
});
