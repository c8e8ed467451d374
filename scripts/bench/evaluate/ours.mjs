// Our side of the evaluation bench: answers {"open": job} and {"evaluate": true}, the latter with its time and the RMSE of
// every group, one JSON line each way.
import { createInterface } from 'node:readline';
import { messageOf } from '../../../dist/base/errors.js';
import { native } from '../../../dist/base/native.js';
import { requiredColumns } from '../../../dist/evaluate/held-out.js';
import { leaveOneOut } from '../../../dist/evaluate/leave-one-out.js';
import { crossValidate } from '../../../dist/evaluate/rmse.js';
import { parseBoosterOptions } from '../../../dist/model/booster-options.js';
import { readRecords } from '../../../dist/records/read.js';

native('The evaluation bench');
let job;

async function evaluate() {
  const { file, family, threads, trees } = job;
  const booster = parseBoosterOptions(`n_estimators=${trees},n_jobs=${threads}`);
  const begin = performance.now();
  const table = await readRecords([file], { family, required: requiredColumns });
  const recipes = ['orion', 'prenet'];
  const { overall, configurations } = await crossValidate(table, family, { booster, recipes });
  const unseen = await leaveOneOut(table, family, { booster, recipes });
  const ms = performance.now() - begin;
  const tables = {
    overall: [overall, (row) => [row.model]],
    configurations: [configurations, (row) => [row.model, row.vcpu, row.storage]],
    summary: [unseen.summary, (row) => [row.GPU]],
    vcpu: [unseen.vcpu, (row) => [row.GPU, row.model, row.vcpu]],
    storage: [unseen.storage, (row) => [row.GPU, row.model, row.storage]],
    batch: [unseen.batch, (row) => [row.GPU, row.model, row.batch_size]],
  };
  const rmse = {};
  for (const [name, [rows, keyOf]] of Object.entries(tables)) {
    for (const row of rows) {
      rmse[[name, ...keyOf(row), 'orion'].join('|')] = row.RMSE_ORION_ms;
      rmse[[name, ...keyOf(row), 'prenet'].join('|')] = row.RMSE_PreNeT_ms;
    }
  }
  return { ms, rmse };
}

async function answer(request) {
  if (request.evaluate) return evaluate();
  job = request.open;
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ error: messageOf(error) }));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
