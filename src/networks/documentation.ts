import { orionVersion } from '../base/package.js';
import type { PassMode } from '../graph/autodiff/tape.js';
import { type ModelDocumentation, opsets } from '../graph/onnx/encode.js';
import type { TrainingConfig } from './types.js';

/** Where a graph comes from, and on what terms. */
export const provenance =
  'Made by orion-bench from code under its own licence (MIT); no third-party weights or data are in it or went into it.';

/** What the model of a graph says of itself to the readers of a graph viewer. */
export function documentationOf(config: TrainingConfig, mode: PassMode): ModelDocumentation {
  const { network, batchSize, optimizer, precision, provider } = config;
  const work =
    mode === 'training'
      ? `training steps on one batch of ${batchSize} with ${optimizer}`
      : `inference on a batch of ${batchSize}, with untrained weights,`;
  return {
    text: `${network}: ${work} in precision ${precision}, formulated for ONNX Runtime's ${provider} provider. ${provenance}`,
    producerVersion: orionVersion,
    properties: { ...settingsOf(config, mode), opset: String(opsets['']) },
  };
}

/** What a graph for `mode` takes from the configuration, as texts: `batch_size: '32'`, `image_shape: '3x64x64'`; in alphabetical order. */
export function settingsOf(config: TrainingConfig, mode: PassMode): Record<string, string> {
  const entries = Object.entries(config)
    .filter(([key, value]) => value !== undefined && !(mode === 'inference' && key === 'optimizer'))
    .map(([key, value]) => [snakeCase(key), Array.isArray(value) ? value.join('x') : String(value)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
