import { type EvaluatedFamily, families, familyLabel } from '../base/columns.js';
import type { FeatureSource } from './source.js';

/**
 * Whose features the rows have. With `any` the column `architecture` tells: that of all rows, and `any` where they are of
 * several families, of an unknown one, or do not say.
 */
export function featureFamily({ family, rows }: Pick<FeatureSource, 'family' | 'rows'>): EvaluatedFamily {
  if (family !== 'any') return family;
  return families.find((each) => rows.every((row) => row.architecture === familyLabel[each])) ?? 'any';
}
