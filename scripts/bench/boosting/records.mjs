// Record files as the ORION recipe turns them into features, in five shuffled folds: a single one of a short file tells little.
import path from 'node:path';
import { kFold } from '../../../dist/evaluate/folds.js';
import { recipes } from '../../../dist/features/recipes.js';
import { numericColumn } from '../../../dist/features/source.js';
import { fitPreparation, prepareRows } from '../../../dist/model/preparation.js';
import { readRecords } from '../../../dist/records/read.js';
import { writeRows } from './rows.mjs';

/** @returns [{ train, test }], a fold each */
export async function recordRows(folder, shared, file, family) {
  const { columns, rows } = await readRecords([path.join(shared, file)], { family, required: [] });
  const recipe = recipes.orion;
  const matrix = recipe.matrix({ family, columns, rows });
  const targets = numericColumn(rows, recipe.target);
  return kFold(rows.length, 5, 42).map(({ name, training, heldOut }) => {
    const preparation = fitPreparation(matrix, training);
    const write = (kind, part) =>
      writeRows(
        folder,
        `${kind}-${name}`,
        prepareRows(preparation, matrix, part),
        Float32Array.from(part, (row) => targets[row]),
      );
    return { train: write('train', training), test: write('test', heldOut) };
  });
}
