/** How long the parts of `run` take; the sweeps of the trials have presets of the same names. */
export const presets = {
  quick: { hostMs: 400, gpuMs: 3_000, storageMs: 1_000, syntheticSamples: 512 },
  full: { hostMs: 2_000, gpuMs: 15_000, storageMs: 10_000, syntheticSamples: 5_000 },
} as const;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
