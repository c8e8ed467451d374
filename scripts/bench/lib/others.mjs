// Others on the machine.

/** A note where others used the machine. */
export function notesOnOthers(cores) {
  return cores === null || cores < 0.1
    ? []
    : [`other processes used ${cores.toFixed(2)} CPU cores meanwhile: repeat it when the machine is idle`];
}
