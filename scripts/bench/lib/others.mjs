// Others on the machine.

/** A note where others used the machine; null is not known. */
export function notesOnOthers(...coresOfEach) {
  const cores = Math.max(0, ...coresOfEach);
  return cores < 0.1
    ? []
    : [`other processes used ${cores.toFixed(2)} CPU cores meanwhile: repeat it when the machine is idle`];
}
