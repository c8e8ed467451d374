import type { FigureFormat } from '../figures/index.js';

export type { FigureFormat } from '../figures/index.js';

/** Where data sets are looked for when nothing is said. */
export const defaultDataRoot = process.env.ORION_DATA_ROOT ?? 'orion-data';

export const defaultOutputFolder = 'orion-results';

export const figureFormats: readonly FigureFormat[] = ['svg', 'png', 'pdf'];
