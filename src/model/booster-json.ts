import { InputError } from '../base/errors.js';
import { type BoosterTrees, type NativeBooster, native } from '../base/native.js';
import { booleansOf, type JsonObject, numbersOf, objectOf, objectsOf, textOf } from './json-fields.js';

// The format: https://xgboost.readthedocs.io, "Introduction to Model IO"; fields as XGBoost 1.7 writes them.

const noParent = 2147483647;
const version = [1, 7, 4];

/** XGBoost tells numbers from integers by their point or exponent. */
const floatList = (values: Iterable<number>): string =>
  `[${Array.from(values, (value) => value.toExponential()).join()}]`;

function treeToJson(trees: BoosterTrees, index: number, first: number, columns: number): string {
  const size = trees.nodes[index]!;
  const part = <Values extends Float32Array | Int32Array | Uint32Array | Uint8Array>(values: Values): Values =>
    values.subarray(first, first + size) as Values;
  const left = part(trees.leftChild);
  const parents = new Array<number>(size).fill(noParent);
  for (const [node, child] of left.entries()) if (child >= 0) parents[child] = parents[child + 1] = node;
  const perNode = (leaf: (node: number) => number, split: (node: number) => number): number[] =>
    Array.from(left, (child, node) => (child < 0 ? leaf(node) : split(node)));
  const zeroOr = (values: Float32Array | Uint32Array | Uint8Array) => {
    const own = part(values);
    return perNode(
      () => 0,
      (node) => own[node]!,
    );
  };
  const [threshold, weight] = [part(trees.threshold), part(trees.weight)];
  const conditions = perNode(
    (node) => weight[node]!,
    (node) => threshold[node]!,
  );
  const floats = {
    base_weights: weight,
    loss_changes: zeroOr(trees.gain),
    split_conditions: conditions,
    sum_hessian: part(trees.cover),
  };
  const others = {
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: zeroOr(trees.missingLeft),
    id: index,
    left_children: [...left],
    parents,
    right_children: perNode(
      () => -1,
      (node) => left[node]! + 1,
    ),
    split_indices: zeroOr(trees.column),
    split_type: new Array<number>(size).fill(0),
    tree_param: {
      num_deleted: '0',
      num_feature: String(columns),
      num_nodes: String(size),
      size_leaf_vector: '0',
    },
  };
  const fields = Object.entries(floats).map(([name, values]) => `"${name}":${floatList(values)}`);
  return `{${fields.join()},${JSON.stringify(others).slice(1)}`;
}

/** The model as a document that XGBoost 1.7 and newer load (`Booster.load_model`) and predict the same with. */
export function toXgboostJson(booster: NativeBooster, featureNames: readonly string[] = []): string {
  const trees = booster.dump();
  let first = 0;
  const documents = Array.from(trees.nodes, (size, index) => {
    const document = treeToJson(trees, index, first, booster.columns);
    first += size;
    return document;
  });
  const treesPlace = 'trees';
  const document = JSON.stringify({
    learner: {
      attributes: {},
      feature_names: featureNames,
      feature_types: [],
      gradient_booster: {
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: String(documents.length), size_leaf_vector: '0' },
          tree_info: documents.map(() => 0),
          trees: treesPlace,
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: String(booster.baseScore),
        boost_from_average: '1',
        num_class: '0',
        num_feature: String(booster.columns),
        num_target: '1',
      },
      objective: { name: 'reg:squarederror', reg_loss_param: { scale_pos_weight: '1' } },
    },
    version,
  });
  return document.replace(`"trees":"${treesPlace}"`, () => `"trees":[${documents.join()}]`);
}

interface ReadTree {
  leftChild: number[];
  column: number[];
  threshold: number[];
  missingLeft: boolean[];
  gain: number[];
  weight: number[];
  cover: number[];
}

/** A tree with its nodes breadth first, so that the right child follows the left one. */
function readTree(tree: JsonObject, where: string): ReadTree {
  const left = numbersOf(tree, 'left_children', where);
  const right = numbersOf(tree, 'right_children', where, left.length);
  const conditions = numbersOf(tree, 'split_conditions', where, left.length);
  const columns = numbersOf(tree, 'split_indices', where, left.length);
  const missingLeft = booleansOf(tree, 'default_left', where, left.length);
  const gains = numbersOf(tree, 'loss_changes', where, left.length);
  const cover = numbersOf(tree, 'sum_hessian', where, left.length);
  if (Array.isArray(tree.categories) && tree.categories.length > 0) {
    throw new InputError(`${where} splits by categories: only numeric splits can be read.`);
  }

  const order = [0];
  const leftChild: number[] = [];
  for (let place = 0; place < order.length; place++) {
    const node = order[place]!;
    if (!(node >= 0 && node < left.length) || order.length > left.length) {
      throw new InputError(`${where}: its children are not those of a tree.`);
    }
    leftChild.push(left[node]! < 0 ? -1 : order.length);
    if (left[node]! >= 0) order.push(left[node]!, right[node]!);
  }
  const leaf = (node: number) => left[node]! < 0;
  return {
    leftChild,
    column: order.map((node) => (leaf(node) ? 0 : columns[node]!)),
    threshold: order.map((node) => (leaf(node) ? 0 : conditions[node]!)),
    missingLeft: order.map((node) => missingLeft[node]!),
    gain: order.map((node) => (leaf(node) ? 0 : gains[node]!)),
    weight: order.map((node) => (leaf(node) ? conditions[node]! : 0)),
    cover: order.map((node) => cover[node]!),
  };
}

/**
 * A model that XGBoost wrote with `save_model('*.json')`: trees (gbtree) under squared or absolute error.
 * Throws InputError that begins with `name` for what is no such model.
 */
export function fromXgboostJson(text: string, name: string): NativeBooster {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new InputError(`${name} is not JSON: expected a model that XGBoost saved as *.json.`);
  }
  const learner = objectOf(document, 'learner', name);
  const booster = objectOf(learner, 'gradient_booster', name);
  const kind = textOf(booster, 'name', name);
  const objective = textOf(objectOf(learner, 'objective', name), 'name', name);
  if (kind !== 'gbtree' || !['reg:squarederror', 'reg:absoluteerror', 'reg:quantileerror'].includes(objective)) {
    throw new InputError(`${name} is a ${kind} model under ${objective}: expected gbtree under a regression error.`);
  }
  const parameters = objectOf(learner, 'learner_model_param', name);
  const trees = objectsOf(objectOf(booster, 'model', name), 'trees', name);
  const read = trees.map((tree, index) => readTree(tree, `${name}: tree ${index}`));
  const all = (values: (tree: ReadTree) => readonly number[]): number[] => read.flatMap(values);
  return native('Loading a model').boosting.load(
    Number(textOf(parameters, 'num_feature', name)),
    Number(textOf(parameters, 'base_score', name).replace(/^\[(.*)\]$/, '$1')),
    {
      nodes: Uint32Array.from(read, (tree) => tree.leftChild.length),
      leftChild: Int32Array.from(all((tree) => tree.leftChild)),
      column: Uint32Array.from(all((tree) => tree.column)),
      threshold: Float32Array.from(all((tree) => tree.threshold)),
      missingLeft: Uint8Array.from(all((tree) => tree.missingLeft.map(Number))),
      gain: Float32Array.from(all((tree) => tree.gain)),
      weight: Float32Array.from(all((tree) => tree.weight)),
      cover: Float32Array.from(all((tree) => tree.cover)),
    },
  );
}
