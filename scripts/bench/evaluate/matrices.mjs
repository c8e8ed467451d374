// The feature matrices of both recipes, for a peer that has no recipe: little-endian float64 files, NaN = missing.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { recipes } from '../../../dist/features/recipes.js';
import { numericColumn } from '../../../dist/features/source.js';
import { readRecords } from '../../../dist/records/read.js';

export async function writeMatrices(folder, file, family) {
  const { columns, rows } = await readRecords([file], { family, required: [] });
  const sides = ['orion', 'prenet'].map((name) => {
    const recipe = recipes[name];
    const { names, data } = recipe.matrix({ family, columns, rows });
    const [features, targets] = ['features', 'targets'].map((kind) => path.join(folder, `${name}-${kind}.bin`));
    writeFileSync(features, data);
    writeFileSync(targets, numericColumn(rows, recipe.target));
    return { name, features, targets, columns: names.length };
  });
  const keys = Object.fromEntries(
    ['gpu_name', 'model', 'vcpu', 'storage', 'batch_size', 'avg_batch_time_ms'].map((column) => [
      column,
      rows.map((row) => row[column]),
    ]),
  );
  return { sides, keys };
}
