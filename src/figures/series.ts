import type { Series } from './bar-model.js';
import { seriesColours } from './theme.js';

/** What the legends call the series; a name has one colour in all figures. */
export const measured: Series = { name: 'Measured', colour: seriesColours.measured };
export const predictedByOrion: Series = { name: 'Predicted (ORION)', colour: seriesColours.orion };
export const prenet: Series = { name: 'PreNeT', colour: seriesColours.prenet };
export const orion: Series = { name: 'ORION', colour: seriesColours.orion };
export const hybrid: Series = { name: 'Hybrid', colour: seriesColours.hybrid };
export const baselineMean: Series = { name: 'Mean', colour: seriesColours.mean };
export const baselineRoofline: Series = { name: 'Roofline', colour: seriesColours.roofline };
export const compute: Series = { name: 'Compute', colour: seriesColours.compute };
export const loaderWait: Series = { name: 'Wait for the loader', colour: seriesColours.loader };
