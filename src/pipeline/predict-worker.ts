import { parentPort } from 'node:worker_threads';
import type { Row } from '../base/columns.js';
import { answerCommands, threadSource } from '../measure/commands.js';
import { recordsOfBlock } from '../records/line-blocks.js';
import { RowMaker } from '../records/row-maker.js';
import { rowsText } from '../records/write.js';
import type { BlockCommand, PredictCommand, PredictedBlock } from './predict-blocks.js';
import { predictedColumns, predictedRecords, rowPredictor } from './predicted-rows.js';
import { Turnstile } from './turnstile.js';

let predictBlock: (command: BlockCommand) => Promise<PredictedBlock>;

answerCommands<PredictCommand>(threadSource(parentPort!), (command) => {
  if (command.kind === 'block') return predictBlock(command);
  predictBlock = blockPredictor(command);
  return null;
});

function blockPredictor({ model, plan, turnstile }: Extract<PredictCommand, { kind: 'begin' }>) {
  const maker = new RowMaker(plan.columns, plan.types, predictedRecords);
  const predict = rowPredictor(model);
  const order = new Turnstile(turnstile);
  return async ({ bytes, number, header, isFirst }: BlockCommand): Promise<PredictedBlock> => {
    const batches: Row[][] = [];
    for (const piece of recordsOfBlock(bytes, header, isFirst)) batches.push(maker.rowsOf('a block', piece));
    const rows = batches.reduce((sum, batch) => sum + batch.length, 0);
    let before = order.pass(number, rows);
    let text = '';
    for (const batch of batches) {
      text += await rowsText(predictedColumns, predict(batch, before));
      before += batch.length;
    }
    return { rows, text };
  };
}
