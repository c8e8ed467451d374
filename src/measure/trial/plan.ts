import { type Family, familyLabel } from '../../base/columns.js';
import { InputError } from '../../base/errors.js';
import { datasetEntry } from '../../data/catalogue.js';
import { maximumVocabulary } from '../../data/tokenizer.js';
import { networkNamed, networks } from '../../networks/index.js';
import { type Optimizer, optimizers, type Precision } from '../../networks/types.js';
import type { ProviderName } from '../providers.js';
import { type StorageMode, storageModes } from '../storage-mode.js';
import { orderTrials, type TrialOrder, trialOrders } from './order.js';
import { requireOneOf, requirePositive, requireSeed, requireWholeNumbers } from './requirements.js';
import { defaultModels, type Preset, type Sweep, sweepsOf } from './sweeps.js';
import { identified, type Trial } from './trial.js';

/** What may be set in place of a preset's values. */
export interface TrialOptions {
  models?: readonly string[] | undefined;
  datasets?: readonly string[] | undefined;
  batchSizes?: readonly number[] | undefined;
  learningRates?: readonly number[] | undefined;
  optimizers?: readonly Optimizer[] | undefined;
  precisions?: readonly Precision[] | undefined;
  workers?: readonly number[] | undefined;
  storageModes?: readonly StorageMode[] | undefined;
  /** MLP only. */
  embedDims?: readonly number[] | undefined;
  /** MLP only. */
  depth?: number | undefined;
  /** Transformer on texts only. */
  sequenceLength?: number | undefined;
  /** Transformer on WMT14 only: tokens of source and target. */
  translationLength?: number | undefined;
  /** Transformer on CNNDM only: tokens of the source. */
  articleLength?: number | undefined;
  /** Transformer on CNNDM only: tokens of the target. */
  summaryLength?: number | undefined;
  /** Transformer on texts and pairs of texts only. */
  maximumVocabulary?: number | undefined;
  /** Of weights, shuffle and order; 42 unless given. */
  seed?: number | undefined;
  /** `interleaved` unless given. */
  order?: TrialOrder | undefined;
  /** At most so many trials, the first ones of the order. */
  limit?: number | undefined;
}

const defaultSeed = 42;

export interface TrialContext {
  provider: ProviderName;
  /** As in `gpu_name`. */
  gpuName: string;
  /** CPUs that the process may use; workers are clamped to it. */
  cpuCap: number;
}

/**
 * The trials of a family, in the order in which they are to be measured: every combination of the preset's values, or of
 * those given in their place. Throws InputError for unknown names and for combinations that the networks do not allow.
 */
export function planTrials(family: Family, preset: Preset, options: TrialOptions, context: TrialContext): Trial[] {
  requireValidOptions(family, options);
  const trials = modelsOf(family, preset, options).flatMap((model) =>
    sweepsFor(model, preset, options, context).flatMap((sweep) => sweepTrials(family, model, sweep, options, context)),
  );
  // Worker counts that were clamped to the CPU cap may coincide.
  const distinct = [...new Map(trials.map((trial) => [trial.id, trial])).values()];
  const ordered = orderTrials(distinct, options.order ?? 'interleaved', options.seed ?? defaultSeed);
  return ordered.slice(0, options.limit ?? ordered.length);
}

function sweepTrials(
  family: Family,
  model: string,
  sweep: Sweep,
  options: TrialOptions,
  { provider, gpuName, cpuCap }: TrialContext,
): Trial[] {
  const session = combinations({
    dataset: sweep.datasets,
    precision: sweep.precisions,
    optimizer: sweep.optimizers,
    embedDim: sweep.embedDims ?? [null],
    batchSize: sweep.batchSizes,
  });
  const rest = combinations({
    learningRate: sweep.learningRates,
    workers: sweep.workers,
    storage: sweep.storageModes,
  });
  return session.flatMap((outer) =>
    rest.map((inner) =>
      identified({
        family,
        model,
        ...outer,
        ...inner,
        workers: Math.min(inner.workers, cpuCap),
        depth: options.depth ?? null,
        ...textSizes(outer.dataset, options),
        seed: options.seed ?? defaultSeed,
        provider,
        gpuName,
        cpuCap,
      }),
    ),
  );
}

/** Tokens of source and target, and the largest vocabulary; null where a data set has none. */
function textSizes(
  dataset: string,
  options: TrialOptions,
): Pick<Trial, 'sequenceLength' | 'targetLength' | 'maximumVocabulary'> {
  const { name, tokens } = datasetEntry(dataset);
  if (!tokens) return { sequenceLength: null, targetLength: null, maximumVocabulary: null };
  const { sequenceLength, translationLength, articleLength, summaryLength } = options;
  const chosen: Record<string, [source: number | undefined, target: number | undefined]> = {
    WMT14: [translationLength, translationLength],
    CNNDM: [articleLength, summaryLength],
  };
  const [source, target] = chosen[name] ?? [sequenceLength, undefined];
  return {
    sequenceLength: source ?? tokens.source,
    targetLength: target ?? tokens.target,
    maximumVocabulary: options.maximumVocabulary ?? maximumVocabulary,
  };
}

/** Every combination of the values, the last key varying fastest. */
function combinations<Values extends Record<string, readonly unknown[]>>(
  values: Values,
): { [Key in keyof Values]: Values[Key][number] }[] {
  type Combination = { [Key in keyof Values]: Values[Key][number] };
  return Object.entries(values).reduce<Combination[]>(
    (partial, [key, choices]) => partial.flatMap((done) => choices.map((choice) => ({ ...done, [key]: choice }))),
    [{} as Combination],
  );
}

/** Names as the networks spell them; all must belong to the family. */
function modelsOf(family: Family, preset: Preset, { models, datasets }: TrialOptions): string[] {
  const chosen = (models ?? defaultModels[preset][family]).map((model) => {
    const spelled = Object.keys(networks).find((name) => name.toLowerCase() === model.toLowerCase()) ?? model;
    const network = networkNamed(spelled);
    if (network.family !== family) {
      throw new InputError(
        `Network ${spelled} belongs to the family ${familyLabel[network.family]}, not ${familyLabel[family]}: ` +
          `run 'generate ${network.family}'.`,
      );
    }
    return spelled;
  });
  if (!datasets) return chosen;
  const names = datasets.map((name) => datasetEntry(name).name);
  for (const name of names) {
    if (!chosen.some((model) => networkNamed(model).datasets.includes(name))) {
      const allowed = chosen.map((model) => `${model}: ${networkNamed(model).datasets.join(', ')}`).join('; ');
      throw new InputError(`Data set ${name} is not one that these networks are measured on (${allowed}).`);
    }
  }
  return chosen.filter((model) => names.some((name) => networkNamed(model).datasets.includes(name)));
}

/** The preset's sweeps with the options in their place. */
function sweepsFor(model: string, preset: Preset, options: TrialOptions, { provider }: TrialContext): Sweep[] {
  const allowed = networkNamed(model).datasets;
  const datasets = options.datasets?.map((name) => datasetEntry(name).name).filter((name) => allowed.includes(name));
  return sweepsOf(preset, model, datasets).map((sweep) => ({
    datasets: sweep.datasets,
    batchSizes: options.batchSizes ?? sweep.batchSizes,
    learningRates: options.learningRates ?? sweep.learningRates,
    optimizers: options.optimizers ?? sweep.optimizers,
    precisions: options.precisions ?? sweep.precisions.filter((bits) => bits === 32 || provider !== 'cpu'),
    workers: options.workers ?? sweep.workers,
    storageModes: options.storageModes ?? sweep.storageModes,
    ...(sweep.embedDims && { embedDims: options.embedDims ?? sweep.embedDims }),
  }));
}

function requireValidOptions(family: Family, options: TrialOptions): void {
  const { embedDims, depth, limit, seed } = options;
  const textOptions = [
    ['sequence length', options.sequenceLength, 1],
    ['length of WMT14 texts', options.translationLength, 1],
    ['length of CNNDM articles', options.articleLength, 1],
    ['length of CNNDM summaries', options.summaryLength, 1],
    // Padding, unknown word, start, end and at least one word.
    ['vocabulary size', options.maximumVocabulary, 5],
  ] as const;
  const single = <Value>(value: Value | undefined) => (value === undefined ? undefined : [value]);
  requireWholeNumbers('batch size', options.batchSizes);
  requirePositive('learning rate', options.learningRates);
  requireWholeNumbers('number of workers', options.workers);
  requireWholeNumbers('embedding dimension', embedDims);
  requireWholeNumbers('depth', single(depth));
  for (const [what, value, minimum] of textOptions) requireWholeNumbers(what, single(value), minimum);
  requireWholeNumbers('limit', single(limit));
  requireSeed(seed);
  requireOneOf('precision', options.precisions, [16, 32]);
  requireOneOf('storage mode', options.storageModes, storageModes);
  requireOneOf('order', single(options.order), trialOrders);
  requireOneOf('optimizer', options.optimizers, optimizers);
  if (family !== 'mlp' && (embedDims || depth !== undefined)) {
    throw new InputError(
      `Embedding dimension and depth can be chosen for MLP networks only, not for ${familyLabel[family]}.`,
    );
  }
  if (family !== 'transformer' && textOptions.some(([, value]) => value !== undefined)) {
    throw new InputError(
      `Sequence lengths and vocabulary can be chosen for Transformer networks only, not for ${familyLabel[family]}.`,
    );
  }
}
