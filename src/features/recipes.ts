import type { FeatureMatrix } from './matrix.js';
import { orionMatrix } from './orion.js';
import { prenetMatrix } from './prenet.js';
import type { FeatureSource } from './source.js';

export interface Recipe {
  /** The measured column that its model is fitted to, in ms. */
  target: 'avg_batch_time_ms' | 'T_gpu_ms';
  matrix(source: FeatureSource): FeatureMatrix;
}

export type RecipeName = 'orion' | 'prenet';

export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  orion: { target: 'avg_batch_time_ms', matrix: orionMatrix },
  prenet: { target: 'T_gpu_ms', matrix: prenetMatrix },
};
