import { availableParallelism } from 'node:os';
import { InputError } from '../base/errors.js';
import type { BoosterParameters } from '../base/native.js';

/** Hyper-parameters of a fit. With `exact` every distinct value is a candidate for a split, and `maxBin` is not used. */
export type BoosterOptions = BoosterParameters;

/** Those of the original (`orion.md` section 2); below four million rows XGBoost's own choice of method is exact. */
export function defaultBoosterOptions(): BoosterOptions {
  return {
    treeMethod: 'exact',
    loss: 'squared',
    quantileAlpha: 0.5,
    monotoneConstraints: [],
    earlyStoppingRounds: 0,
    nEstimators: 800,
    learningRate: 0.045,
    maxDepth: 9,
    subsample: 0.9,
    colsampleBytree: 0.9,
    regLambda: 1.2,
    regAlpha: 0,
    minChildWeight: 1,
    gamma: 0,
    maxBin: 256,
    seed: 42,
    threads: availableParallelism(),
  };
}

type NumericOption = Exclude<keyof BoosterOptions, 'treeMethod' | 'loss' | 'monotoneConstraints'>;

interface OptionRule {
  option: NumericOption;
  whole: boolean;
  minimum: number;
  maximum: number;
  /** The minimum itself is not allowed. */
  above?: boolean;
}

const share = { whole: false, minimum: 0, maximum: 1, above: true };
const penalty = { whole: false, minimum: 0, maximum: Number.MAX_VALUE };
const count = { whole: true, minimum: 1, maximum: 1e6 };
const seed = { whole: true, minimum: 0, maximum: 0xffffffff };

/** By XGBoost's names, those of its Python estimator and their aliases. */
const rules: Readonly<Record<string, OptionRule>> = {
  n_estimators: { option: 'nEstimators', ...count },
  num_boost_round: { option: 'nEstimators', ...count },
  learning_rate: { option: 'learningRate', ...share },
  eta: { option: 'learningRate', ...share },
  max_depth: { option: 'maxDepth', ...count, maximum: 30 },
  subsample: { option: 'subsample', ...share },
  colsample_bytree: { option: 'colsampleBytree', ...share },
  reg_lambda: { option: 'regLambda', ...penalty },
  lambda: { option: 'regLambda', ...penalty },
  reg_alpha: { option: 'regAlpha', ...penalty },
  alpha: { option: 'regAlpha', ...penalty },
  min_child_weight: { option: 'minChildWeight', ...penalty },
  gamma: { option: 'gamma', ...penalty },
  min_split_loss: { option: 'gamma', ...penalty },
  max_bin: { option: 'maxBin', ...count, minimum: 2 },
  seed: { option: 'seed', ...seed },
  random_state: { option: 'seed', ...seed },
  quantile_alpha: { option: 'quantileAlpha', ...share, maximum: 0.999999 },
  nthread: { option: 'threads', ...count, maximum: 1024 },
  n_jobs: { option: 'threads', ...count, maximum: 1024 },
};

/** Values of the options that are chosen by name, by XGBoost's names. */
const choices = {
  tree_method: { option: 'treeMethod', values: { hist: 'hist', exact: 'exact' } },
  objective: {
    option: 'loss',
    values: { 'reg:squarederror': 'squared', 'reg:absoluteerror': 'absolute', 'reg:quantileerror': 'quantile' },
  },
} as const;

function chosenValue(name: keyof typeof choices, text: string): Partial<BoosterOptions> {
  const { option, values } = choices[name];
  const found = Object.entries(values).find(([value]) => value === text);
  if (!found) throw new InputError(`--booster ${name}=${text}: expected ${Object.keys(values).join(' or ')}.`);
  return { [option]: found[1] };
}

function rangeText({ whole, minimum, maximum, above }: OptionRule): string {
  const kind = whole ? 'a whole number' : 'a number';
  const low = above ? `above ${minimum}` : `from ${minimum}`;
  return maximum === Number.MAX_VALUE ? `${kind} ${low}` : `${kind} ${low} to ${maximum}`;
}

function numericValue(name: string, text: string, rule: OptionRule): number {
  const value = text === '' ? Number.NaN : Number(text);
  const inRange = value >= rule.minimum && value <= rule.maximum && !(rule.above && value === rule.minimum);
  if (!inRange || (rule.whole && !Number.isInteger(value))) {
    throw new InputError(`--booster ${name}=${text}: expected ${rangeText(rule)}.`);
  }
  return value;
}

/**
 * Hyper-parameters from `key=value,key=value` by XGBoost's names, over the defaults.
 * Throws InputError for a name, a value or a form that it does not know.
 */
export function parseBoosterOptions(text: string): BoosterOptions {
  const options = defaultBoosterOptions();
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name = '', value, ...rest] = part.split('=').map((each) => each.trim());
    if (value === undefined || rest.length > 0) {
      throw new InputError(`--booster '${part.trim()}': expected key=value, for example subsample=1,max_depth=6.`);
    }
    if (name === 'tree_method' || name === 'objective') {
      Object.assign(options, chosenValue(name, value));
      continue;
    }
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      throw new InputError(
        `--booster '${name}' is not a hyper-parameter: choose from ${[...Object.keys(rules), ...Object.keys(choices)].join(', ')}.`,
      );
    }
    options[rule.option] = numericValue(name, value, rule);
  }
  return options;
}
