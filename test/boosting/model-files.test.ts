import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import t from 'tap';
import { type NativeBooster, native } from '#src/base/native.js';
import { featureImportance } from '#src/model/booster-importance.js';
import { fromXgboostJson, toXgboostJson } from '#src/model/booster-json.js';
import { toOnnx } from '#src/model/booster-onnx.js';
import { defaultBoosterOptions } from '#src/model/booster-options.js';
import { pythonWith, runPython } from '../support/python.js';
import { largestRelativeDifference, regressionTable } from '../support/regression-table.js';

const { boosting } = native('The test of model files');
const { python, skip } = pythonWith('xgboost', 'numpy');

const train = regressionTable(800, 6, 0, 0.2, 11);
const test = regressionTable(300, 6, 0, 0.2, 12);

async function fit(treeMethod: 'exact' | 'hist'): Promise<NativeBooster> {
  const options = { ...defaultBoosterOptions(), nEstimators: 60, maxDepth: 6, gamma: 0.01, treeMethod };
  return (await boosting.train(train.features, train.rows, train.columns, train.targets, options))!;
}

const xgboostScript = `
import sys, json, numpy, xgboost
job = json.load(sys.stdin)
def matrix(table): return numpy.array(table['features'], dtype='float32').reshape(table['rows'], table['columns'])
test = xgboost.DMatrix(matrix(job['test']))
model = xgboost.Booster(model_file=job['ours'])
own = xgboost.XGBRegressor(n_estimators=60, max_depth=6, n_jobs=1, tree_method='hist')
own.fit(matrix(job['train']), numpy.array(job['train']['targets'], dtype='float32'))
own.save_model(job['theirs'])
contributions = own.get_booster().predict(test, pred_contribs=True)
scores = lambda booster: {kind: booster.get_score(importance_type=kind) for kind in ['weight', 'gain', 'cover']}
print(json.dumps({
    'ours': model.predict(test).tolist(),
    'oursScores': scores(model),
    'theirs': own.get_booster().predict(test).tolist(),
    'contributions': contributions.flatten().tolist(),
}))
`;

interface XgboostAnswer {
  ours: number[];
  oursScores: Record<'weight' | 'gain' | 'cover', Record<string, number>>;
  theirs: number[];
  contributions: number[];
}

t.test("XGBoost and this engine read each other's models", { skip }, async (t) => {
  const folder = t.testdir();
  const [ours, theirs] = [path.join(folder, 'ours.json'), path.join(folder, 'theirs.json')];
  const booster = await fit('exact');
  await writeFile(ours, toXgboostJson(booster));
  const plain = (table: typeof train) => ({ ...table, features: [...table.features], targets: [...table.targets] });
  const job = JSON.stringify({ train: plain(train), test: plain(test), ours, theirs });
  const answer = JSON.parse(runPython(python!, xgboostScript, [], job)) as XgboostAnswer;

  await t.test('predictions of our model in XGBoost', async (t) => {
    const difference = largestRelativeDifference(booster.predict(test.features, test.rows, 1), answer.ours);
    t.ok(difference < 1e-5, `largest relative difference ${difference}`);
  });

  const read = fromXgboostJson(await readFile(theirs, 'utf8'), 'theirs.json');
  await t.test('predictions of its model here', async (t) => {
    const difference = largestRelativeDifference(read.predict(test.features, test.rows, 1), answer.theirs);
    t.ok(difference < 1e-5, `largest relative difference ${difference}`);
  });

  await t.test('contributions to them', async (t) => {
    const contributions = read.contributions(test.features, test.rows, 2);
    const difference = largestRelativeDifference(contributions, answer.contributions);
    t.ok(difference < 1e-4, `largest relative difference ${difference}`);
  });

  await t.test('importance of the columns of ours', async (t) => {
    const importance = featureImportance(booster);
    t.equal(importance.length, Object.keys(answer.oursScores.weight).length);
    for (const { column, ...scores } of importance) {
      for (const kind of ['weight', 'gain', 'cover'] as const) {
        const theirs = answer.oursScores[kind][`f${column}`]!;
        t.ok(
          Math.abs(scores[kind] - theirs) <= 1e-5 * theirs,
          `${kind} of column ${column}: ${scores[kind]}, ${theirs}`,
        );
      }
    }
  });
});

t.test('a model that was written and read predicts the same, bit for bit', async (t) => {
  const booster = await fit('hist');
  const again = fromXgboostJson(toXgboostJson(booster), 'model.json');
  t.same(again.predict(test.features, test.rows, 1), booster.predict(test.features, test.rows, 1));
});

t.test('ONNX Runtime predicts the same with the exported model', async (t) => {
  const booster = await fit('hist');
  const session = await ort.InferenceSession.create(toOnnx(booster));
  const features = new ort.Tensor('float32', test.features, [test.rows, test.columns]);
  const { prediction } = await session.run({ features });
  t.same(prediction!.dims, [test.rows, 1]);
  const difference = largestRelativeDifference(
    prediction!.data as Float32Array,
    booster.predict(test.features, test.rows, 1),
  );
  t.ok(difference < 1e-5, `largest relative difference ${difference}`);
});

t.test('contributions sum to the prediction', async (t) => {
  const booster = await fit('hist');
  const predictions = booster.predict(test.features, test.rows, 2);
  const contributions = booster.contributions(test.features, test.rows, 1);
  const width = test.columns + 1;
  const sums = predictions.map((_, row) =>
    contributions.subarray(row * width, (row + 1) * width).reduce((sum, each) => sum + each, 0),
  );
  t.ok(largestRelativeDifference(sums, predictions) < 1e-5);
});

t.test('what is no such model gets one sentence', async (t) => {
  const good = toXgboostJson(await fit('hist'));
  const cases: [text: string, message: RegExp][] = [
    ['{', /^m\.json is not JSON/],
    ['[]', /^m\.json: its field 'learner' is not an object/],
    [good.replace('"gbtree"', '"gblinear"'), /is a gblinear model under reg:squarederror/],
    [good.replace('reg:squarederror', 'binary:logistic'), /gbtree model under binary:logistic/],
    [good.replace('"left_children":[1,', '"left_children":[0,'), /tree 0: its children are not those of a tree/],
    [good.replace('"left_children":[1,', '"left_children":['), /tree 0: its field 'right_children' is not a list of/],
    [good.replace('"num_feature":"6","num_target"', '"num_feature":"1","num_target"'), /splits by a column/],
  ];
  for (const [text, message] of cases) t.throws(() => fromXgboostJson(text, 'm.json'), { message }, message.source);
});
