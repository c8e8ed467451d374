import t, { type Test } from 'tap';
import type { Row } from '#src/base/columns.js';
import { MersenneTwister } from '#src/base/random.js';
import { calibrate } from '#src/model/hybrid/calibrate.js';
import { caseOf } from '#src/model/hybrid/cases.js';
import { corrector, fitCorrection } from '#src/model/hybrid/correction.js';
import { fitHybrid } from '#src/model/hybrid/fit.js';
import { conformalHalfWidth, unseenHalfWidth } from '#src/model/hybrid/intervals.js';
import { defaultKernel } from '#src/model/hybrid/kernel.js';
import type { HybridModel } from '#src/model/hybrid/model.js';
import { hybridFromJson, hybridToJson } from '#src/model/hybrid/model-file.js';
import { predictHybrid } from '#src/model/hybrid/predict.js';
import { deviceTerms } from '#src/physics/device-terms.js';
import { byClass, cards, classWorld, rowsOf, world, worldMs } from '../support/predictor-world.js';
import { pythonWith, runPython } from '../support/python.js';

const near = (t: Test, found: number, expected: number, tolerance: number, what: string) =>
  t.ok(Math.abs(found / expected - 1) < tolerance, `${what}: ${found}, expected ${expected}`);

const coefficientsOf = ({ device }: HybridModel): Record<string, number> =>
  Object.fromEntries(deviceTerms.map((term, i) => [term, device.coefficients[i]!]));

t.test('a world that follows the formula is learnt, and carries over to a GPU that was not there', async (t) => {
  const model = fitHybrid(cards.slice(0, 4).flatMap((card) => rowsOf(card, 40)));
  for (const [term, coefficient] of Object.entries(world)) {
    near(t, coefficientsOf(model)[term]!, coefficient, 0.01, `coefficient of ${term}`);
  }
  const unseen = rowsOf(cards[4]!, 20);
  for (const [i, { ms, seen }] of predictHybrid(model, unseen).entries()) {
    near(t, ms, Number(unseen[i]!.avg_batch_time_ms), 0.02, `row ${i}`);
    t.equal(seen, false);
  }
});

t.test('no measured time of a predicted row has a say in its prediction', async (t) => {
  const model = fitHybrid(cards.slice(0, 3).flatMap((card) => rowsOf(card, 20, { noise: 0.1 })));
  const heldOut = cards.flatMap((card) => rowsOf(card, 10, { seed: 9 }));
  const before = predictHybrid(model, heldOut);
  const times = new MersenneTwister(3).shuffle(Uint32Array.from(heldOut, (_, i) => i));
  const shuffled = heldOut.map((row, i) => ({
    ...row,
    avg_batch_time_ms: heldOut[times[i]!]!.avg_batch_time_ms!,
    T_gpu_ms: heldOut[times[i]!]!.T_gpu_ms!,
  }));
  t.same(predictHybrid(model, shuffled), before);
  const without = heldOut.map(({ avg_batch_time_ms: _a, T_gpu_ms: _b, ...row }): Row => row);
  t.same(predictHybrid(model, without), before);
});

t.test('a term that is left out has no coefficient, and the others make up for it', async (t) => {
  const rows = cards.flatMap((card) => rowsOf(card, 20));
  const { launch, roofline } = coefficientsOf(fitHybrid(rows, { without: ['launch'] }));
  t.equal(launch, 0);
  t.ok(roofline! > 0);
  t.equal(fitHybrid(rows, { without: ['correction'] }).device.correction, null);
});

const mixes = [
  { network: 'a', matrix: 0.1, convolution: 0.9 },
  { network: 'b', matrix: 0.9, convolution: 0.1 },
  { network: 'c', matrix: 0.5, convolution: 0.5 },
  { network: 'd', matrix: 0.3, convolution: 0.7 },
];
const mixedRows = (card: (typeof cards)[number], count: number, options: { noise?: number; seed?: number } = {}) =>
  rowsOf(card, count, options).map((row, i) => {
    const { network, ...shares } = mixes[i % mixes.length]!;
    return byClass(row, network, shares, Number(row.avg_batch_time_ms) / worldMs(row));
  });

t.test(
  'a world where classes of operators differ is learnt by class, and carries over to another network',
  async (t) => {
    const rows = cards.slice(0, 4).flatMap((card) => mixedRows(card, 40));
    const model = fitHybrid(rows);
    for (const [term, coefficient] of Object.entries(classWorld)) {
      near(t, coefficientsOf(model)[term]!, coefficient, 0.01, `coefficient of ${term}`);
    }
    const other = rowsOf(cards[0]!, 8).map((row) => byClass(row, 'e', { matrix: 1, convolution: 0 }));
    for (const [i, { ms, networkSeen }] of predictHybrid(model, other).entries()) {
      near(t, ms, Number(other[i]!.avg_batch_time_ms), 0.02, `row ${i}`);
      t.equal(networkSeen, false);
    }
    // where the classes are not told apart, the estimate is that of a whole step
    const whole = rows.map(({ bytes_matmul_exec: _m, bytes_conv_exec: _c, ...row }): Row => row);
    const { matrix, convolution, roofline } = coefficientsOf(fitHybrid(whole));
    t.same([matrix, convolution], [0, 0]);
    t.ok(roofline! > 0);
  },
);

t.test('a class that no row has is taken to do as well as its likeness, and that is said', async (t) => {
  const shares = { matrix: 1, convolution: 0 };
  const network = (i: number) => String.fromCharCode(97 + (i % 3));
  const rows = cards.slice(0, 3).flatMap((card) => rowsOf(card, 30).map((row, i) => byClass(row, network(i), shares)));
  const model = fitHybrid(rows);
  const { matrix, convolution } = coefficientsOf(model);
  near(t, matrix!, classWorld.matrix!, 0.02, 'matrix products');
  t.equal(convolution, matrix);
  const convolutional = byClass(rows[0]!, 'a', { matrix: 0, convolution: 1 });
  const [known, strange] = predictHybrid(model, [rows[0]!, convolutional]);
  t.same(known!.warnings, []);
  t.ok(strange!.warnings.includes('no fitted row has convolutions'), `${strange!.warnings}`);
});

t.test('another network gets a wider interval: what is missed on networks left out', async (t) => {
  // each network has a speed of its own, which no formula tells
  const speeds: Readonly<Record<string, number>> = { a: 0.7, b: 1, c: 1.2, d: 1.5 };
  const parameterBytes: Readonly<Record<string, number>> = { a: 1e6, b: 8e6, c: 6e7, d: 5e8 };
  const rows = cards
    .slice(0, 4)
    .flatMap((card) => mixedRows(card, 40, { noise: 0.02 }))
    .map((row): Row => {
      const network = String(row.model);
      const ms = Number(row.avg_batch_time_ms) * speeds[network]!;
      return { ...row, param_bytes: parameterBytes[network]!, avg_batch_time_ms: ms };
    });
  const model = fitHybrid(rows);
  t.same(
    model.networks,
    Object.entries(parameterBytes).map(([name, bytes]) => ({ name, parameterBytes: [bytes, bytes] })),
  );
  const [seen, spelled, other, neither] = predictHybrid(model, [
    rows[0]!,
    { ...rows[0]!, model: 'A' },
    { ...rows[0]!, model: 'e' },
    { ...rows[0]!, ...cards[4]!, model: 'e' },
  ]);
  const width = ({ lowMs, highMs }: { lowMs: number | null; highMs: number | null }) => Math.log(highMs! / lowMs!) / 2;
  t.same([seen!.networkSeen, spelled!.networkSeen, other!.networkSeen], [true, true, false]);
  t.ok(width(other!) > 2 * width(seen!), `${width(other!)} against ${width(seen!)}`);
  near(t, width(neither!), Math.hypot(model.unseenHalfWidth!, model.unseenNetworkHalfWidth!), 1e-9, 'two unknowns');

  const [larger, smaller] = predictHybrid(model, [
    { ...rows[0]!, param_bytes: 1.2 * Number(rows[0]!.param_bytes) },
    { ...rows[0]!, param_bytes: 0.95 * Number(rows[0]!.param_bytes) },
  ]);
  t.same([larger!.networkSeen, smaller!.networkSeen], [false, true], 'a namesake, and one with fewer classes');

  const alone = fitHybrid(rows.filter((row) => row.model === 'a'));
  t.equal(predictHybrid(alone, [{ ...rows[0]!, model: 'e' }])[0]!.lowMs, null, 'one network says nothing of others');
  t.ok(alone.notes.includes('All rows are of one network: no interval is known for others.'));
  const calibrated = calibrate(
    model,
    rows.slice(0, 3).map((row) => ({ ...row, model: 'new' })),
  );
  t.ok(predictHybrid(calibrated, [{ ...rows[0]!, model: 'NEW' }])[0]!.networkSeen, 'calibrated');
});

t.test('equal rows give an equal model', async (t) => {
  const rows = cards.flatMap((card) => rowsOf(card, 12, { noise: 0.2 }));
  t.same(fitHybrid(rows), fitHybrid(rows));
});

t.test('intervals hold what they promise, on GPUs that were fitted and on others', async (t) => {
  const noisy = { noise: 0.3 };
  const model = fitHybrid(cards.slice(0, 4).flatMap((card) => rowsOf(card, 60, noisy)));
  const cases: [string, Row[]][] = [
    ['fitted', cards.slice(0, 4).flatMap((card) => rowsOf(card, 60, { ...noisy, seed: 50 }))],
    ['others', rowsOf(cards[4]!, 100, { ...noisy, seed: 50 })],
  ];
  for (const [name, rows] of cases) {
    const inside = predictHybrid(model, rows).filter(({ lowMs, highMs }, i) => {
      const ms = Number(rows[i]!.avg_batch_time_ms);
      return lowMs! <= ms && ms <= highMs!;
    });
    const share = inside.length / rows.length;
    t.ok(share >= 0.82 && share <= 1, `${name}: ${share}`);
  }
});

t.test('a kind of network that is harder to tell on other GPUs has wider intervals there', async (t) => {
  const rows = cards
    .slice(0, 4)
    .flatMap((card, i) => [
      ...rowsOf(card, 20, { noise: 0.05 }),
      ...rowsOf(card, 20, { seed: 8, factor: i % 2 === 0 ? 0.6 : 1.6 }).map(
        (row): Row => ({ ...row, architecture: 'MLP' }),
      ),
    ]);
  const model = fitHybrid(rows);
  const { cnn, mlp } = model.unseenHalfWidthOfKind;
  t.ok(mlp! > 1.5 * cnn!, `${mlp} and ${cnn}`);
  const [easy] = rowsOf(cards[4]!, 1);
  const widthOf = (architecture: string) => {
    const { lowMs, highMs } = predictHybrid(model, [{ ...easy!, architecture }])[0]!;
    return Math.log(highMs! / lowMs!) / 2;
  };
  near(t, widthOf('cnn'), cnn!, 1e-9, 'CNN');
  near(t, widthOf('MLP'), mlp!, 1e-9, 'MLP');
  near(t, widthOf('GNN'), model.unseenHalfWidth!, 1e-9, 'a kind that no row has');
});

t.test('half widths by hand', async (t) => {
  t.equal(conformalHalfWidth([9, -8, 7, 6, 5, 4, 3, 2, 1]), 9, 'the ninth of nine');
  t.equal(conformalHalfWidth(Array.from({ length: 19 }, (_, i) => i + 1)), 18, 'the 18th of 19');
  t.equal(conformalHalfWidth([1, 2, 3, 4, 5, 6, 7, 8]), null, 'eight are too few');
  // 90 % quantile of 0, 1, ... 10, and Student's t for one degree of freedom over the normal distribution's
  const residuals = [Float64Array.of(0, -1, 2, -3, 4), Float64Array.of(5, 6, -7, 8, 9, 10)];
  near(t, unseenHalfWidth(residuals)!, (9 * 6.314) / 1.645, 1e-6, 'two devices');
  t.equal(unseenHalfWidth([Float64Array.of(1, 2)]), null, 'one device says nothing of others');
});

t.test('a handful of measured rows of a new GPU sets its level', async (t) => {
  const model = fitHybrid(cards.slice(0, 4).flatMap((card) => rowsOf(card, 40)));
  const slow = { factor: 1.6, noise: 0.02 };
  const calibrated = calibrate(model, rowsOf(cards[4]!, 10, slow));
  const rows = rowsOf(cards[4]!, 30, { ...slow, seed: 77 });
  const meanError = (predictions: { ms: number }[]) =>
    predictions.reduce((sum, { ms }, i) => sum + Math.abs(ms / Number(rows[i]!.avg_batch_time_ms) - 1), 0) /
    rows.length;
  t.ok(meanError(predictHybrid(model, rows)) > 0.3, 'before');
  t.ok(meanError(predictHybrid(calibrated, rows)) < 0.05, `after: ${meanError(predictHybrid(calibrated, rows))}`);
  t.ok(predictHybrid(calibrated, rows).every(({ seen }) => seen));
  const others = rowsOf(cards[0]!, 5);
  t.same(predictHybrid(calibrated, others), predictHybrid(model, others), 'other GPUs stay as they were');
});

t.test('a case beyond what was fitted is called so', async (t) => {
  const model = fitHybrid(cards.slice(0, 3).flatMap((card) => rowsOf(card, 20)));
  const [usual] = rowsOf(cards[1]!, 1);
  t.same(predictHybrid(model, [usual!])[0]!.warnings, []);
  const odd = { ...usual!, batch_size: 100_000, flops_train_per_batch: 3e14, SM: 500 };
  t.same(predictHybrid(model, [odd])[0]!.warnings, [
    'batch size above what was fitted',
    'share of the memory needed above what was fitted',
    'multiprocessors above what was fitted',
  ]);
});

t.test('what the rows do not say is said', async (t) => {
  const bare = cards
    .slice(0, 1)
    .flatMap((card) => rowsOf(card, 10))
    .map(({ depth: _d, 'TDP (W)': _w, ...row }): Row => row);
  t.same(fitHybrid(bare).notes, [
    '10 of 10 rows lack n_ops_exec or depth: no launch cost is assumed there.',
    '10 of 10 rows are of devices without a known power: peak rates are taken there.',
    'No row names loader workers (vcpu): the time is that of the device alone.',
    'All rows are of one GPU family: no interval is known for other GPUs.',
    'All rows are of one network: no interval is known for others.',
  ]);
  t.throws(() => fitHybrid([]), /A fit needs 3 records at least, 0 were given/);
  const rows = rowsOf(cards[0]!, 4);
  t.throws(() => fitHybrid([...rows, { ...rows[0]!, avg_batch_time_ms: 0 }]), /^Record 5: avg_batch_time_ms must be/);
  t.throws(() => fitHybrid([...rows, { ...rows[0]!, batch_size: -1 }]), /^Record 5: batch_size must be/);
});

t.test('with a loader, the time is that of the slower side', async (t) => {
  const rows = cards.flatMap((card) =>
    rowsOf(card, 24).map((row, i): Row => {
      const workers = 2 ** (i % 3);
      const prepareMs = (1000 * Number(row.batch_size)) / (100 * workers);
      const stepMs = Number(row.T_gpu_ms);
      return {
        ...row,
        vcpu: workers,
        storage: 'NVME',
        decode_images_per_s_per_worker: 100,
        avg_batch_time_ms: Math.max(stepMs, prepareMs),
        T_cpu_io_ms: Math.max(prepareMs - stepMs, 0),
      };
    }),
  );
  const model = fitHybrid(rows);
  t.match(model.loader, { contention: { accelerator: 0 } });
  near(t, model.loader!.coefficients[0]!, 1, 0.02, 'decoding takes what its rate says');
  // eight workers were never seen
  const [row] = rows;
  const predicted = predictHybrid(model, [
    { ...row!, batch_size: 256, vcpu: 8 },
    { ...row!, batch_size: 256, vcpu: 1 },
    { ...row!, batch_size: 256, vcpu: 3, storage: 'cold' },
    { ...row!, batch_size: 256, vcpu: 3, storage: 'nvme' },
  ]);
  near(t, predicted[0]!.loaderMs!, 320, 0.03, 'eight workers');
  near(t, predicted[1]!.ms, 2560, 0.03, 'one worker cannot keep up');
  t.equal(predicted[1]!.bottleneck, 'loader');
  t.ok(predicted[1]!.highMs! > predicted[1]!.ms);
  const told = predicted.map(({ warnings }) => warnings.filter((each) => /worker|storage/.test(each)));
  t.strictSame(told, [['8 workers: 1, 2, 4 were fitted'], [], ['storage mode COLD was not fitted'], []]);
  t.strictSame(
    [predicted[0]!.highMs, predicted[2]!.lowMs],
    [null, null],
    'no interval where such a loader is waited for',
  );
  t.same(hybridFromJson(JSON.stringify(hybridToJson(model)), 'model.json'), JSON.parse(JSON.stringify(model)));
});

t.test('the hand-over of a batch that is ready is no waiting, however short the iteration', async (t) => {
  const rows = cards.flatMap((card) =>
    rowsOf(card, 24, { factor: 0.2 }).map((row): Row => {
      const ms = Number(row.T_gpu_ms) + 0.8;
      return { ...row, vcpu: 4, storage: 'NVME', T_cpu_io_ms: 0.8, avg_batch_time_ms: ms };
    }),
  );
  t.ok(rows.filter((row) => Number(row.avg_batch_time_ms) < 8).length > 10, 'iterations of which that is a good part');
  const model = fitHybrid(rows);
  t.equal(model.handoverMs, 0.8);
  t.equal(model.loader, null, 'no row shows what its loader takes');
  for (const [i, { ms, bottleneck }] of predictHybrid(model, rows).entries()) {
    near(t, ms, Number(rows[i]!.avg_batch_time_ms), 0.02, `row ${i}`);
    t.equal(bottleneck, 'device');
  }
  const { vcpu: _, ...alone } = rows[0]!;
  near(t, predictHybrid(model, [alone])[0]!.ms, Number(rows[0]!.T_gpu_ms), 0.02, 'without a loader');
});

t.test('rows that keep up say how long their loader can take at most', async (t) => {
  // samples of few bytes wait 30 ms for their loader; samples of a hundred times as many bytes do not wait at all
  const rows = cards.flatMap((card) =>
    rowsOf(card, 24).map((row, i): Row => {
      const small = i % 4 === 0;
      const stepMs = Number(row.T_gpu_ms);
      const loader = { vcpu: 2, storage: 'NVME', input_shape: small ? '(1, 8, 8)' : '(3, 64, 64)' };
      const ms = small ? stepMs + 30 : stepMs;
      return { ...row, ...loader, avg_batch_time_ms: ms, T_cpu_io_ms: small ? 30 : 0.01 };
    }),
  );
  const model = fitHybrid(rows);
  t.ok(model.loader!.waitingRows >= 8, `${model.loader!.waitingRows}`);
  const large = rows.filter((_, i) => i % 4 !== 0);
  const longest = Math.max(
    ...predictHybrid(model, large).map(({ loaderMs }, i) => loaderMs! / Number(large[i]!.avg_batch_time_ms)),
  );
  t.ok(longest < 4, `at most ${longest} times the iteration that it was hidden behind`);
});

t.test('where no row waited for its loader, a case that does is a guess without an interval', async (t) => {
  const rows = rowsOf(cards[1]!, 24).map(
    (row): Row => ({ ...row, vcpu: 4, storage: 'NVME', prepare_ms: 0.25 * Number(row.batch_size), T_cpu_io_ms: 0 }),
  );
  const model = fitHybrid(rows.map((row) => ({ ...row, decode_images_per_s_per_worker: 1000 })));
  const [fast, slow] = predictHybrid(model, [
    { ...rows[0]!, decode_images_per_s_per_worker: 1000 },
    { ...rows[0]!, decode_images_per_s_per_worker: 1 },
  ]);
  t.match(fast!, { bottleneck: 'device', warnings: [] });
  t.match(slow!, {
    bottleneck: 'loader',
    lowMs: null,
    highMs: null,
    warnings: ['too few fitted rows wait for their loader, and this case does'],
  });
});

t.test('a model file gives back the model, and a damaged one its sentence', async (t) => {
  const fitted = fitHybrid(cards.slice(0, 3).flatMap((card) => rowsOf(card, 10, { noise: 0.1 })));
  const model = calibrate(fitted, rowsOf(cards[4]!, 5));
  const text = JSON.stringify(hybridToJson(model));
  t.same(hybridFromJson(text, 'model.json'), JSON.parse(JSON.stringify(model)));
  t.same(
    predictHybrid(hybridFromJson(text, 'model.json'), rowsOf(cards[3]!, 9)),
    predictHybrid(model, rowsOf(cards[3]!, 9)),
  );
  const cases: [string, string, RegExp][] = [
    ['no JSON', text.slice(0, -40), /^model.json is not a predictor: it is no valid JSON/],
    ['another document', '{"a": 1}', /^model.json is not a predictor: write one with 'fit'\.$/],
    ['a list', '[]', /^model.json: its field 'document' is not an object\.$/],
    ['another version', text.replace('"version":1', '"version":99'), /another version of orion-bench: fit it again/],
    ['a missing number', text.replace('"transfer":', '"other":'), /its field 'transfer' is not a number/],
    ['a short list', text.replace('"weights":[', '"weights":[0,'), /its field 'weights' is not a list of 30 numbers/],
  ];
  for (const [name, damaged, message] of cases)
    t.throws(() => hybridFromJson(damaged, 'model.json'), { message }, name);
});

const numpy = pythonWith('numpy');
t.test('the correction is a Gaussian process, row by row as numpy computes it', { skip: numpy.skip }, async (t) => {
  const cases = cards.flatMap((card) => rowsOf(card, 8)).map(caseOf);
  const random = new MersenneTwister(5);
  const residuals = Float64Array.from(cases, () => random.uint32() / 2 ** 32 - 0.5);
  const { correction, leaveOneOut } = fitCorrection(cases, residuals, defaultKernel);
  const leftOut = leaveOneOut();
  const others = rowsOf(cards[2]!, 6, { seed: 31 }).map(caseOf);
  const script = `
import json, sys
import numpy as np
d = json.load(sys.stdin)
k = d["kernel"]
W, G, r = np.array(d["work"]), np.array(d["device"]), np.array(d["residuals"])
mean, scale = W.mean(0), W.std(0)
scale[scale < 1e-9 * np.maximum(1, abs(mean))] = 1
def cov(Wa, Ga, Wb, Gb):
    a, b = (Wa - mean) / scale / k["workLength"], (Wb - mean) / scale / k["workLength"]
    w = np.exp(-0.5 * ((a[:, None] - b[None]) ** 2).sum(-1))
    g = np.exp(-0.5 * (((Ga[:, None] - Gb[None]) / k["deviceLength"]) ** 2).sum(-1))
    return k["transferable"] * w + (k["offset"] + k["particular"] * w) * g
inverse = np.linalg.inv(cov(W, G, W, G) + k["noise"] * np.eye(len(r)))
predicted = cov(np.array(d["otherWork"]), np.array(d["otherDevice"]), W, G) @ inverse @ r
print(json.dumps({"loo": (inverse @ r / np.diag(inverse)).tolist(), "predicted": predicted.tolist()}))`;
  const input = {
    kernel: defaultKernel,
    residuals: [...residuals],
    work: cases.map(({ work }) => work),
    device: cases.map(({ device }) => device),
    otherWork: others.map(({ work }) => work),
    otherDevice: others.map(({ device }) => device),
  };
  const expected = JSON.parse(runPython(numpy.python!, script, [], JSON.stringify(input))) as {
    loo: number[];
    predicted: number[];
  };
  const worst = (a: ArrayLike<number>, b: number[]) => Math.max(...b.map((value, i) => Math.abs(value - a[i]!)));
  t.ok(worst(leftOut, expected.loo) < 1e-4, `leave one out: ${worst(leftOut, expected.loo)}`);
  const correct = corrector(correction);
  t.ok(
    worst(others.map(correct), expected.predicted) < 1e-4,
    `prediction: ${worst(others.map(correct), expected.predicted)}`,
  );
});
