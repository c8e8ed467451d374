// Rows on their way to both sides: raw little-endian float32 files.
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** @param features [rows, columns] Float32Array @returns the targets, and what either side needs to read the rows */
export function writeRows(folder, name, features, targets) {
  const [featuresFile, targetsFile] = ['features', 'targets'].map((kind) => path.join(folder, `${name}-${kind}.bin`));
  writeFileSync(featuresFile, features);
  writeFileSync(targetsFile, targets);
  const rows = targets.length;
  return { targets, files: { featuresFile, targetsFile, rows, columns: features.length / rows } };
}
