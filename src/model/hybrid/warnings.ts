import { type Case, deviceFeatures, workFeatures } from './cases.js';
import type { HybridModel } from './model.js';

/** Share of the fitted range by which a case may lie beyond it before that is worth a warning. */
const tolerated = 0.1;

function outside(names: readonly string[], values: readonly number[], ranges: readonly [number, number][]): string[] {
  return names.flatMap((name, i) => {
    const [low, high] = ranges[i]!;
    const slack = tolerated * (high - low) + 1e-6;
    if (values[i]! < low - slack) return [`${name} below what was fitted`];
    return values[i]! > high + slack ? [`${name} above what was fitted`] : [];
  });
}

/** Why the prediction of a case is a guess beyond the rows that were fitted; [] where it is not. */
export function warningsOf({ ranges }: HybridModel, { work, device }: Case): string[] {
  return [...outside(workFeatures, work, ranges.work), ...outside(deviceFeatures, device, ranges.device)];
}
