import type { FeatureMatrix } from './matrix.js';
import { orionFrame } from './orion.js';
import type { FeatureSource } from './source.js';

const isHostFeature = (name: string): boolean => name.includes('vcpu') || name.includes('storage');

/** The feature matrix of the baseline PreNeT (ICPE 2025): ORION's without the host, since it models GPU compute alone. */
export const prenetMatrix = (source: FeatureSource): FeatureMatrix =>
  orionFrame(source).toMatrix((name) => !isHostFeature(name));
