import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { InputError } from '#src/base/errors.js';
import { packageRoot } from '#src/base/package.js';
import type { Holdout, PredictionRow } from '#src/base/tables.js';
import { valueAxis } from '#src/figures/axis.js';
import { meanParts } from '#src/figures/breakdown.js';
import { buildFigures, planFigures, publishedFigures } from '#src/figures/index.js';
import { fits, paginate, placeSlots } from '#src/figures/layout.js';
import { meansByModelAndBatch } from '#src/figures/measured-predicted.js';
import { formatMs, formatPercent } from '#src/figures/numbers.js';
import { provenanceNote } from '#src/figures/provenance.js';
import { drawable, textWidth, wrap } from '#src/figures/text.js';
import { seriesColours } from '#src/figures/theme.js';
import { unseenGroups } from '#src/figures/unseen.js';
import { readPublishedValues } from '#src/pipeline/published.js';
import { sampleFamily, shapes } from './samples.js';

const prediction = (model: string, batchSize: number, actualMs: number, predictedMs: number): PredictionRow => ({
  record_id: `${model}-${batchSize}-${actualMs}`,
  gpu_name: 'A100',
  model,
  dataset: 'CIFAR10',
  batch_size: batchSize,
  vcpu: 4,
  storage: 'NVME',
  fold: 0,
  actual_ms: actualMs,
  pred_orion_ms: predictedMs,
  pred_prenet_ms: 0,
});

t.test('measured against predicted: means of each model and batch size, error of the means', async (t) => {
  const means = meansByModelAndBatch([
    prediction('vgg16', 256, 100, 90),
    prediction('resnet50', 128, 40, 50),
    prediction('resnet50', 32, 10, 9),
    prediction('resnet50', 32, 30, 27),
  ]);
  t.strictSame(means, [
    { model: 'resnet50', batchSize: 32, measuredMs: 20, predictedMs: 18, absoluteErrorPercent: 10 },
    { model: 'resnet50', batchSize: 128, measuredMs: 40, predictedMs: 50, absoluteErrorPercent: 25 },
    { model: 'vgg16', batchSize: 256, measuredMs: 100, predictedMs: 90, absoluteErrorPercent: 10 },
  ]);
});

t.test('breakdown: means of compute and wait per model, storage and workers', async (t) => {
  const row = (vcpu: number, compute: number, wait: number) => ({
    model: 'resmlp',
    storage: 'SSD',
    vcpu,
    T_gpu_ms: compute,
    T_cpu_io_ms: wait,
  });
  t.strictSame(meanParts([row(16, 7, 1), row(8, 10, 4), row(8, 20, 2)]), [
    { model: 'resmlp', storage: 'SSD', workers: '8', computeMs: 15, loaderWaitMs: 3 },
    { model: 'resmlp', storage: 'SSD', workers: '16', computeMs: 7, loaderWaitMs: 1 },
  ]);
});

t.test('what is drawn is what was computed: bars, labels and stacks of the specification', async (t) => {
  const inputs = sampleFamily({
    models: ['resnet50'],
    batchSizes: [32],
    workers: [4],
    storages: ['NVME'],
    sampleMs: () => 1,
  });
  const unseen = [
    { GPU: 'RTX 5090', RMSE_ORION_ms: 27.935, RMSE_PreNeT_ms: 28.841 },
    { GPU: 'L4', RMSE_ORION_ms: 23.757, RMSE_PreNeT_ms: 25.905 },
  ];
  const [pairs, rmse, baselines, leftOut, stack] = buildFigures({ families: [{ ...inputs, unseen }] });
  const values = (figure: typeof pairs, layer: number) =>
    (figure!.spec as unknown as { layer: { data: { values: Record<string, unknown>[] } }[] }).layer[layer]!.data.values;

  // One trial: compute 32 ms, wait 32 x 1.2 / 4 = 9.6 ms, predicted 0.9 x 41.6 = 37.44 ms; RMSE 4 and 9 ms.
  t.match(values(pairs, 0), [
    { model: 'resnet50', batch_size: '32', series: 'Measured', low: 0, high: 41.6 },
    { series: 'Predicted (ORION)', low: 0, high: 37.44 },
  ]);
  t.match(values(pairs, 1), [{ text: '10.0%', y: 41.6 }]);
  t.match(values(rmse, 0), [
    { model: 'resnet50', series: 'PreNeT', high: 9 },
    { series: 'ORION', high: 4 },
  ]);
  t.match(values(baselines, 0), [
    { model: 'resnet50', series: 'Mean', high: 40 },
    { series: 'Roofline', high: 20 },
    { series: 'PreNeT', high: 9 },
    { series: 'ORION', high: 4 },
  ]);
  t.match(values(leftOut, 0), [
    { unseen_gpu: 'L4', series: 'PreNeT', high: 25.905 },
    { unseen_gpu: 'L4', series: 'ORION', high: 23.757 },
    { unseen_gpu: 'RTX 5090', series: 'PreNeT', high: 28.841 },
    { unseen_gpu: 'RTX 5090', series: 'ORION', high: 27.935 },
  ]);
  t.match(values(stack, 0), [
    { model: 'resnet50', storage: 'NVME', workers: '4', series: 'Compute', low: 0, high: 32 },
    { series: 'Wait for the loader', low: 32, high: 41.6 },
  ]);
  t.match(values(stack, 1), [{ text: '41.6\n23%', y: 41.6 }], 'total, and the share 9.6 / 41.6');
});

t.test('figures without inputs are left out, with the reason', async (t) => {
  const noTables = { overall: [], predictions: [], unseen: [] };
  const measured = { ...shapes['one trial']!, ...noTables };
  const nothing = { family: 'mlp' as const, records: [{ model: 'resmlp', status: 'failed' }], ...noTables };
  const { figures, leftOut } = planFigures({ families: [measured, nothing] });
  t.strictSame(
    figures.map((figure) => figure.name),
    ['breakdown-cnn'],
  );
  t.strictSame(
    leftOut.map((each) => each.name),
    [
      'measured-predicted-cnn',
      'rmse-cnn',
      'rmse-baselines-cnn',
      'unseen-cnn',
      'unseen-baselines-cnn',
      'measured-predicted-mlp',
      'rmse-mlp',
      'rmse-baselines-mlp',
      'unseen-mlp',
      'unseen-baselines-mlp',
      'breakdown-mlp',
    ],
  );
  for (const { reason } of leftOut) t.match(reason, /run (rmse|logo|generate)/);
});

t.test(
  'recipes that were not evaluated have no bars; without ORION and PreNeT there is no figure of them',
  async (t) => {
    const inputs = shapes['one trial']!;
    const { model } = inputs.overall[0]!;
    const without = (recipes: object) => ({
      ...inputs,
      overall: [{ model, RMSE_ORION_ms: 4, RMSE_PreNeT_ms: 9, RMSE_mean_ms: null, ...recipes }],
      unseen: [{ GPU: 'L4', RMSE_ORION_ms: 4, RMSE_PreNeT_ms: 9, ...recipes }],
    });
    const legends = buildFigures({ families: [without({ RMSE_PreNeT_ms: null })] })
      .filter(({ name }) => /^(rmse|unseen)-cnn$/.test(name))
      .map(({ spec }) => JSON.stringify(spec).match(/"domain":\[("[^\]]*")\]/)?.[1]);
    t.strictSame(legends, ['"ORION"', '"ORION"']);
    const neither = without({ RMSE_PreNeT_ms: null, RMSE_ORION_ms: null, RMSE_roofline_ms: 3 });
    const predictions = inputs.predictions.map((row) => ({ ...row, pred_orion_ms: null as unknown as number }));
    const { figures, leftOut } = planFigures({ families: [{ ...neither, predictions }] });
    t.strictSame(
      figures.map(({ name }) => name),
      ['rmse-baselines-cnn', 'unseen-baselines-cnn', 'breakdown-cnn'],
    );
    t.strictSame(
      leftOut.map(({ name }) => name),
      ['measured-predicted-cnn', 'rmse-cnn', 'unseen-cnn'],
    );
  },
);

t.test('what was left out is named as it is: cards without their common vendor, families, models', async (t) => {
  const row = (GPU: string, errorMs: number) => ({ GPU, RMSE_ORION_ms: errorMs, RMSE_PreNeT_ms: 9 });
  const names = (...rows: Parameters<typeof unseenGroups>[0][number][]) => unseenGroups(rows).map(({ group }) => group);
  t.strictSame(
    names(row('NVIDIA L4', 5), row('NVIDIA RTX 4000 Ada', 2)),
    ['RTX 4000 Ada', 'L4'],
    'smallest error first',
  );
  t.strictSame(names(row('NVIDIA L4', 5), row('AMD Instinct MI100', 2)), ['AMD Instinct MI100', 'NVIDIA L4']);
  t.strictSame(names(row('CPU', 5)), ['CPU']);
  const inputs = shapes['one trial']!;
  const drawn = (holdout: Holdout, fold: string | number) => {
    const unseen = [{ ...row('Ada', 3), holdout }];
    const predictions = inputs.predictions.map((each) => ({ ...each, fold }));
    const figures = buildFigures({ families: [{ ...inputs, unseen, predictions }] });
    const figure = (name: string) => figures.find((each) => each.name === name)!;
    return [figure('unseen-cnn').title, /had not seen ([^.]*)\./.exec(figure('measured-predicted-cnn').caption)![1]];
  };
  const { gpu_name: gpu, model } = inputs.predictions[0]!;
  t.strictSame(drawn('gpu', gpu), ['Prediction error by unseen GPU, CNN', 'its GPU']);
  t.strictSame(drawn('model', model), ['Prediction error by unseen model, CNN', 'its network']);
  t.strictSame(drawn('family', 'Ada'), ['Prediction error by unseen GPU family, CNN', "its GPU's family"]);
  t.strictSame(drawn('vcpu', '4 workers'), [
    'Prediction error by unseen number of workers, CNN',
    'its number of workers',
  ]);
  const { storage } = inputs.predictions[0]!;
  t.strictSame(drawn('storage', storage!), ['Prediction error by unseen storage mode, CNN', 'its storage mode']);
  t.equal(drawn('gpu', 3)[1], 'it');
});

t.test('the same rows in another order give the same figures', async (t) => {
  const inputs = shapes['the published sweep']!;
  const shuffled = {
    ...inputs,
    records: inputs.records.toReversed(),
    predictions: inputs.predictions.toReversed(),
    unseen: inputs.unseen.toReversed(),
  };
  t.strictSame(buildFigures({ families: [shuffled] }), buildFigures({ families: [inputs] }));
});

t.test('a figure too wide for a page goes on in a second one, with the same axis', async (t) => {
  const figures = buildFigures({ families: [shapes['more than a page']!] }).filter(({ name }) =>
    name.startsWith('measured'),
  );
  t.ok(figures.length > 1);
  t.equal(figures[1]!.name, 'measured-predicted-cnn-2');
  t.match(figures[1]!.title, new RegExp(`2 of ${figures.length}`));
  const domains = figures.map(
    ({ spec }) => JSON.stringify(spec).match(/"domain":\[0,[\d.]+\],"nice":false\},"field":"low"/)?.[0],
  );
  t.type(domains[0], 'string');
  t.equal(new Set(domains).size, 1);
  const models = figures.flatMap(({ spec }) => [...new Set(JSON.stringify(spec).match(/network\d+/g))]);
  t.equal(new Set(models).size, 14, 'each model is somewhere');
  t.equal(models.length, 14, 'and on one page only');
});

t.test('rows that cannot be drawn are refused with their place', async (t) => {
  const inputs = shapes['one trial']!;
  const records = [{ ...inputs.records[0]!, T_gpu_ms: null }];
  t.throws(() => buildFigures({ families: [{ ...inputs, records }] }), {
    constructor: InputError,
    message: /T_gpu_ms of resmlp with 1 workers on NVME is null/,
  });
});

t.test('the note says what is not real, and names the devices', async (t) => {
  const row = (facts: Record<string, string>) => ({ gpu_name: 'L4', data: 'real', timing: 'real', ...facts });
  t.equal(provenanceNote([row({})]), 'L4');
  t.equal(
    provenanceNote([row({ data: 'synthetic' }), row({ gpu_name: 'CPU', cpu_model: 'EPYC' })]),
    'CPU (EPYC), L4 · partly synthetic data',
  );
  t.equal(
    provenanceNote([row({ data: 'synthetic', timing: 'emulated' })]),
    'L4 · synthetic data · emulated accelerator',
  );
  t.equal(
    provenanceNote(['A40', 'L4', 'A100', 'T4', 'H100'].map((name) => row({ gpu_name: name }))),
    'A40, A100, H100 and 2 more devices',
  );
  t.equal(provenanceNote([], ['L40']), 'L40');
  const figures = buildFigures({ families: [shapes['four models']!] });
  t.equal(figures.length, 6);
  for (const { spec } of figures) {
    const note = ((spec.title as { text: string[] }).text ?? []).join(' ');
    t.match(note, /synthetic data · emulated accelerator$/);
  }
});

t.test('value axis: zero-based, higher than the highest bar; decades where bars differ a hundredfold', async (t) => {
  const linear = valueAxis([40, 97], 1.25);
  t.strictSame(linear.ticks, [0, 25, 50, 75, 100]);
  t.strictSame(linear.domain, [0, 97 * 1.25]);
  t.strictSame(valueAxis([0.31], 1).labels, ['0.0', '0.1', '0.2', '0.3']);
  const log = valueAxis([0.5, 5000], 1);
  t.equal(log.type, 'log');
  t.strictSame(log.labels, ['0.1', '1', '10', '100', '1,000']);
  t.equal(log.domain[0], 0.1);
  t.ok(Math.abs(log.domain[1] - 5000) < 1e-6);
  t.equal(valueAxis([0.5, 5000], 1, { stacked: true }).type, 'linear');
  t.strictSame(valueAxis([0, 0], 1.2).domain, [0, 1.2], 'all zero');
  t.ok(valueAxis([-3, 10], 1.2).domain[0] <= -3, 'a negative prediction stays inside');
});

t.test('slots keep their order, do not meet, and share what is written under them', async (t) => {
  const slots = [
    { names: ['vgg16', '32'], minimumWidth: 20 },
    { names: ['vgg16', '64'], minimumWidth: 20 },
    { names: ['densenet121', '32'], minimumWidth: 20 },
  ];
  const { slots: placed, labels } = placeSlots(slots, 200);
  placed.slice(1).forEach((slot, index) => {
    const before = placed[index]!;
    t.ok(slot.centre - slot.width / 2 >= before.centre + before.width / 2 - 1e-9);
  });
  t.strictSame(
    labels.filter(({ level }) => level === 1).map(({ lines }) => lines),
    [['vgg16'], ['densenet121']],
  );
  const group = labels.find(({ lines }) => lines[0] === 'vgg16')!;
  t.ok(Math.abs(group.centre - (placed[0]!.centre + placed[1]!.centre) / 2) < 1e-9, 'the name is under the middle');
  t.ok(fits(slots, 200));
  t.notOk(fits(slots, 70));
  t.strictSame(
    paginate(slots, 70).map((page) => page.length),
    [2, 1],
    'split between models',
  );
});

t.test('numbers and names as they are printed', async (t) => {
  t.strictSame([0.5, 4.066, 9.996, 41.25, 412.4, 5000].map(formatMs), ['0.50', '4.07', '10.0', '41.3', '412', '5,000']);
  t.strictSame([0, 4.24, 99.96, 1234].map(formatPercent), ['0.0%', '4.2%', '100%', '1,234%']);
  t.equal(drawable('a\u0000b\n模'), 'a b ?');
  t.strictSame(wrap('mobilenet_v3', 1000, 8), ['mobilenet_v3']);
  t.strictSame(wrap('mobilenet_v3', textWidth('mobilenet_', 8), 8), ['mobilenet_', 'v3']);
  for (const line of wrap('W'.repeat(40), 30, 8, { maximumLines: 2 })) t.ok(textWidth(line, 8) <= 30);
  t.match(wrap('W'.repeat(40), 30, 8, { maximumLines: 2 })[1], /…$/);
});

t.test('series that meet in a figure differ in grey print', async (t) => {
  /** Relative luminance (WCAG 2.1) as CIE lightness, 0-100. */
  const lightness = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5]
      .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [
      number,
      number,
      number,
    ];
    return 116 * Math.cbrt(0.2126 * red + 0.7152 * green + 0.0722 * blue) - 16;
  };
  const { measured, orion, prenet, hybrid, mean, roofline, compute, loader } = seriesColours;
  for (const [first, second] of [
    [measured, orion],
    [prenet, orion],
    [prenet, hybrid],
    [orion, hybrid],
    [mean, roofline],
    [mean, prenet],
    [mean, orion],
    [mean, hybrid],
    [roofline, prenet],
    [roofline, orion],
    [compute, loader],
  ] as const) {
    const difference = Math.abs(lightness(first) - lightness(second));
    t.ok(difference >= 10, `${first} and ${second}: ${difference.toFixed(1)}`);
  }
});

/** To refresh after a change that is meant: UPDATE_FIXTURES=1 in the environment of this test; read the diff. */
t.test('golden specifications', async (t) => {
  const folder = path.join(packageRoot, 'test', 'fixtures', 'figures');
  const golden = { ...sampleFamily({ models: ['resnet50', 'vgg16'], batchSizes: [32, 256], workers: [4, 16] }) };
  const specs = [...buildFigures({ families: [golden] }), ...publishedFigures(readPublishedValues())];
  for (const { name, spec } of specs) {
    const file = path.join(folder, `${name}.vl.json`);
    if (process.env.UPDATE_FIXTURES === '1') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, `${JSON.stringify(spec, null, 2)}\n`);
    }
    if (!existsSync(file)) t.fail(`${file} is missing: run with UPDATE_FIXTURES=1`);
    else t.strictSame(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(spec)), name);
  }
});
