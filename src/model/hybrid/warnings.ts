import { type Case, deviceFeatures, workFeatures } from './cases.js';
import type { HybridModel } from './model.js';
import { unseenClassWarnings } from './product-classes.js';

/** Share of the fitted range by which a case may lie beyond it before that is worth a warning. */
const tolerated = 0.1;

interface Bounds {
  names: readonly string[];
  low: Float64Array;
  high: Float64Array;
}

const slack = ([low, high]: readonly [number, number]): number => tolerated * (high - low) + 1e-6;

const boundsOf = (names: readonly string[], ranges: readonly [number, number][]): Bounds => ({
  names,
  low: Float64Array.from(ranges, (range) => range[0] - slack(range)),
  high: Float64Array.from(ranges, (range) => range[1] + slack(range)),
});

function warnOutside({ names, low, high }: Bounds, values: readonly number[], warnings: string[]): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low[i]!) warnings.push(`${names[i]} below what was fitted`);
    else if (values[i]! > high[i]!) warnings.push(`${names[i]} above what was fitted`);
  }
}

/** A function that says why the prediction of a case is a guess beyond the rows that were fitted; [] where it is not. */
export function warner({ ranges, unseenClasses }: HybridModel): (each: Case) => string[] {
  const ofWork = boundsOf(workFeatures, ranges.work);
  const ofDevice = boundsOf(deviceFeatures, ranges.device);
  return (each) => {
    const { work, device } = each;
    const warnings = unseenClassWarnings(unseenClasses, each);
    warnOutside(ofWork, work, warnings);
    warnOutside(ofDevice, device, warnings);
    return warnings;
  };
}
