/** Where data sets are looked for when nothing is said. */
export const defaultDataRoot = process.env.ORION_DATA_ROOT ?? 'orion-data';

export const defaultOutputFolder = 'orion-results';
