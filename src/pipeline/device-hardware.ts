import type { Row } from '../base/columns.js';
import type { OnNote } from '../base/progress.js';
import type { TrialDevice } from '../measure/trial/settings.js';
import { findCard, readCatalogue } from '../records/catalogue.js';
import { joinHardware } from '../records/hardware.js';
import { cpuHardware } from './cpu-hardware.js';
import type { OutputFolder } from './output-folder.js';

/**
 * What adds the hardware columns of a device to its rows: measured for the CPU, from the catalogue for a GPU, which is
 * told through `onNote` where it is not there.
 * @param earlier rows of the device in the same file
 */
export async function hardwareOf(
  { name, emulated }: TrialDevice,
  out: OutputFolder,
  earlier: readonly Row[],
  onNote?: OnNote,
): Promise<(row: Row) => Row> {
  const measured = new Map(name === 'CPU' && !emulated ? [['CPU', await cpuHardware(out, earlier)]] : []);
  const catalogue = readCatalogue();
  if (measured.has(name) || findCard(catalogue, name)) {
    return (row) => joinHardware([row], catalogue, measured)[0]!;
  }
  onNote?.(`${name} is not in the GPU catalogue: its hardware columns stay empty; fill them in before 'rmse'.`);
  return (row) => row;
}
