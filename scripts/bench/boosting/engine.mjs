// Our side of the boosting bench: answers {"open": job}, {"fit": true}, {"predict": true} with their time and
// {"predictions": true} with those for the held-out rows, one JSON line each way.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf } from '../../../dist/base/errors.js';
import { native } from '../../../dist/base/native.js';
import { parseBoosterOptions } from '../../../dist/model/booster-options.js';
import { trainBooster } from '../../../dist/model/fit.js';

native('The boosting bench');
/** XGBoost's defaults for what a job leaves open. */
const defaults = { subsample: 1, colsample_bytree: 1, reg_lambda: 1, seed: 0 };
let job;
let model;

function readRows({ featuresFile, targetsFile, rows, columns }) {
  const floats = (file) => new Float32Array(new Uint8Array(readFileSync(file)).buffer);
  return { features: floats(featuresFile), targets: floats(targetsFile), rows, columns };
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return { ms: performance.now() - begin };
}

async function answer(request) {
  if (request.open) {
    const { train, test, parameters, threads } = request.open;
    const options = Object.entries({ ...defaults, ...parameters, n_jobs: threads }).map((pair) => pair.join('='));
    job = { train: readRows(train), test: readRows(test), options: parseBoosterOptions(options.join()), threads };
    return {};
  }
  const { train, test, options, threads } = job;
  if (request.fit) {
    return timed(async () => {
      model = await trainBooster(train.features, train.rows, train.columns, train.targets, options);
    });
  }
  if (request.predict) return timed(() => model.predict(test.features, test.rows, threads));
  return { predictions: [...model.predict(test.features, test.rows, threads)] };
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ error: messageOf(error) }));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
