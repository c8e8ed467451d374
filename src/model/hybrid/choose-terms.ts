import type { Row } from '../../base/columns.js';
import { mean } from '../../base/statistics.js';
import { classRooflines, classTerms, type DeviceTerm, wholeStepTerms } from '../../physics/device-terms.js';
import type { Case } from './cases.js';
import { estimateMs, fitCoefficients } from './device-model.js';
import { familyOf, groupsOf, networkOf, othersThan } from './groups.js';

/** A more elaborate estimate must be better by this share of the error on what is left out. */
const worthwhile = 0.05;

/** Mean error of log(time) of the estimate on groups of rows, each left out of its fit; all groups count alike. */
function errorLeftOut(
  cases: readonly Case[],
  stepMs: ArrayLike<number>,
  groups: readonly number[][],
  without: readonly DeviceTerm[],
): number {
  const errors = groups.map((heldOut) => {
    const others = othersThan(heldOut, cases, stepMs);
    const coefficients = fitCoefficients(others.cases, others.stepMs, without);
    return mean(heldOut.map((i) => Math.abs(Math.log(stepMs[i]! / estimateMs({ coefficients }, cases[i]!)))));
  });
  return mean(errors);
}

/**
 * The terms that the estimate does without, beyond those that it must: it takes a step as a whole or, where rows tell them
 * apart, by class of operator, and counts idle multiprocessors or does not; whichever serves best for families of devices
 * and for networks that are left out of these rows. The plainer one where nothing can be left out.
 */
export function chooseTerms(
  rows: readonly Row[],
  cases: readonly Case[],
  stepMs: ArrayLike<number>,
  without: readonly DeviceTerm[],
): DeviceTerm[] {
  const byClass =
    cases.some(({ workload }) => workload.divided) && !classRooflines.some((term) => without.includes(term));
  const forms: (readonly DeviceTerm[])[] = byClass ? [classTerms, wholeStepTerms] : [classTerms];
  // from plain to elaborate
  const candidates = [...forms.map((form): DeviceTerm[] => [...form, 'idle']), ...forms].map((form) => [
    ...without,
    ...form,
  ]);
  const groupings = [groupsOf(rows, familyOf), groupsOf(rows, networkOf)].filter((groups) => groups.length > 0);
  let best = candidates[0]!;
  if (groupings.length === 0) return best;
  let smallest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const error = mean(groupings.map((groups) => errorLeftOut(cases, stepMs, groups, candidate)));
    if (error < (1 - worthwhile) * smallest) [best, smallest] = [candidate, error];
  }
  return best;
}
