import { featureFamily } from './feature-family.js';
import type { Frame } from './frame.js';
import type { FeatureMatrix } from './matrix.js';
import { baseFrame, type FeatureSource, textColumn } from './source.js';
import { addBatchFeatures } from './steps/batch.js';
import { addNameFlags } from './steps/gpu-name.js';
import { addLogarithms } from './steps/log1p.js';
import { addOneHot } from './steps/one-hot.js';
import { addRatios } from './steps/ratios.js';
import { addWorkloadSize } from './steps/workload-size.js';

/** All feature columns of the ORION recipe (ICPE 2026), in the original's order. */
export function orionFrame(source: FeatureSource): Frame {
  const { rows } = source;
  const family = featureFamily(source);
  const categories = ['Memory Type', 'Bus', ...(family === 'transformer' ? [] : ['gpu_arch']), 'storage'];
  if (family === 'any') categories.push('architecture');

  const frame = baseFrame(source);
  addRatios(frame);
  for (const category of categories) addOneHot(frame, category, textColumn(rows, category));
  addNameFlags(frame, textColumn(rows, 'gpu_name'), textColumn(rows, 'Memory Type'));
  addWorkloadSize(frame, family);
  addBatchFeatures(frame, family);
  addLogarithms(frame);
  return frame;
}

/** The feature matrix of the ORION recipe. Pure; columns that a file lacks are done without. */
export const orionMatrix = (source: FeatureSource): FeatureMatrix => orionFrame(source).toMatrix();
