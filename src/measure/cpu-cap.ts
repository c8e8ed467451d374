import os from 'node:os';
import { InputError } from '../base/errors.js';
import { native, nativeStatus } from '../base/native.js';

/** CPUs that this process may use. */
export function availableCpus(): number {
  return nativeStatus().addon?.timing.affinity().length ?? os.availableParallelism();
}

/**
 * The number of CPUs that a sweep may use: `wanted`, or all there are. Throws InputError where there are fewer than
 * wanted.
 */
export function cpuCapOf(wanted?: number): number {
  const available = availableCpus();
  if (wanted === undefined) return available;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > available) {
    throw new InputError(
      `The CPU cap is ${wanted}: give a whole number from 1 to ${available}, the CPUs available here.`,
    );
  }
  return wanted;
}

/**
 * Pins the process, its present and future threads included, to the first `cap` CPUs that it may use. Does nothing where
 * the cap leaves all of them; otherwise needs the addon.
 */
export function pinToCap(cap: number): void {
  if (cap >= availableCpus()) return;
  const { timing } = native('A CPU cap');
  timing.setAffinity(timing.affinity().slice(0, cap));
}
