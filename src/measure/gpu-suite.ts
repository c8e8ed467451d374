import { requireChoice } from '../base/checks.js';
import type { GpuCase, GpuMeasurement } from '../base/native.js';

export const suiteNames = ['quick', 'full'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** A suite, or some cases by their names. */
export type CaseChoice = SuiteName | { cases: readonly string[] };

/** What is measured on one device. */
export interface DeviceSuite {
  cases: GpuCase[];
  /** Chosen by name, and not in the suite of this device: what a record says of them. */
  missing: GpuMeasurement[];
}

/**
 * What of the suites of several devices is chosen, in the suites' order.
 * @throws InputError for a name that no device has
 */
export function suitesOf(suites: readonly GpuCase[][], choice: CaseChoice): DeviceSuite[] {
  if (typeof choice === 'string') {
    return suites.map((suite) => ({ cases: suite.filter(({ quick }) => quick || choice === 'full'), missing: [] }));
  }
  const all = suites.flat();
  const known = [...new Set(all.map(({ name }) => name))];
  const names = new Set(choice.cases.map((name) => requireChoice(name, known, '--case')));
  return suites.map((suite) => ({
    cases: suite.filter(({ name }) => names.has(name)),
    missing: [...names]
      .filter((name) => suite.every((each) => each.name !== name))
      .map((name) => skipped(all.find((each) => each.name === name)!)),
  }));
}

function skipped({ quick: _quick, ...single }: GpuCase): GpuMeasurement {
  return { ...single, status: 'skipped', reason: 'the suite of this device has no such case.' };
}
