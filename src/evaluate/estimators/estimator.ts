import type { EvaluatedFamily } from '../../base/columns.js';
import type { EvaluatedRecipe } from '../../base/recipe-names.js';
import type { BoosterOptions } from '../../model/booster-options.js';
import type { RecordTable } from '../../records/read.js';
import type { Fold } from '../folds.js';
import { boosted } from './boosted.js';
import { hybrid } from './hybrid.js';
import { meanOfTraining } from './mean.js';
import { roofline } from './roofline.js';

export interface EstimatorInputs {
  table: RecordTable;
  family: EvaluatedFamily;
  booster: BoosterOptions;
}

/** Iteration times with the bounds of an interval, ms; NaN where there is none. */
export interface PredictedIntervals {
  ms: Float64Array;
  lowMs: Float64Array;
  highMs: Float64Array;
}

/** Iteration times, ms, of a fold's held-out rows, learnt from its training rows alone; NaN where a row allows none. */
export type PredictFold = (fold: Fold) => Promise<Float64Array | PredictedIntervals>;

/** What all folds share is made once, when the evaluation begins. */
export type Estimator = (inputs: EstimatorInputs) => PredictFold;

export const estimators: Readonly<Record<EvaluatedRecipe, Estimator>> = {
  orion: boosted('orion'),
  prenet: boosted('prenet'),
  mean: meanOfTraining,
  roofline,
  hybrid: hybrid({}),
  physics: hybrid({ without: ['correction'] }),
};
