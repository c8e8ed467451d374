/**
 * Those of `steps`, which are in the order of their work, that the values named `wanted` depend on: formulations may leave
 * others behind that nothing reads.
 */
export function neededFor<Step>(
  steps: readonly Step[],
  wanted: readonly string[],
  namesOf: (step: Step) => { made: readonly string[]; read: readonly string[] },
): Step[] {
  const names = new Set(wanted);
  const needed = steps.toReversed().filter((step) => {
    const { made, read } = namesOf(step);
    if (!made.some((name) => names.has(name))) return false;
    for (const name of read) names.add(name);
    return true;
  });
  return needed.toReversed();
}
