// Others on the machine.

/** Whether so many CPU cores in the hands of others matter; null is not known. */
export const isDisturbance = (cores) => cores !== null && cores >= 0.1;

/** A note where others used the machine. */
export function notesOnOthers(...coresOfEach) {
  const disturbed = coresOfEach.filter(isDisturbance);
  if (disturbed.length === 0) return [];
  const most = Math.max(...disturbed).toFixed(2);
  return [`other processes used ${most} CPU cores meanwhile: repeat it when the machine is idle`];
}
