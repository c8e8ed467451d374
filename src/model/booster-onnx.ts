import type { BoosterTrees, NativeBooster } from '../base/native.js';
import { orionVersion } from '../base/package.js';
import { encodeModel } from '../graph/onnx/encode.js';

/** Ids of nodes and trees, counted over all trees. */
function nodePlaces(trees: BoosterTrees): { tree: number[]; node: number[] } {
  const places: { tree: number[]; node: number[] } = { tree: [], node: [] };
  for (const [tree, size] of trees.nodes.entries()) {
    for (let node = 0; node < size; node++) {
      places.tree.push(tree);
      places.node.push(node);
    }
  }
  return places;
}

/**
 * The model as ONNX: one `ai.onnx.ml` TreeEnsembleRegressor from `features` (float32 [rows, columns], NaN = missing) to
 * `prediction` (float32 [rows, 1]).
 */
export function toOnnx(booster: NativeBooster): Uint8Array {
  const trees = booster.dump();
  const places = nodePlaces(trees);
  const left = [...trees.leftChild];
  const isLeaf = left.map((child) => child < 0);
  const leaves = left.map((_, index) => index).filter((index) => isLeaf[index]);
  const attributes = {
    n_targets: { int: 1 },
    aggregate_function: { text: 'SUM' },
    post_transform: { text: 'NONE' },
    base_values: { floats: [booster.baseScore] },
    nodes_treeids: { ints: places.tree },
    nodes_nodeids: { ints: places.node },
    nodes_modes: { texts: isLeaf.map((leaf) => (leaf ? 'LEAF' : 'BRANCH_LT')) },
    nodes_featureids: { ints: [...trees.column] },
    nodes_values: { floats: [...trees.threshold] },
    nodes_truenodeids: { ints: left.map((child) => Math.max(child, 0)) },
    nodes_falsenodeids: { ints: left.map((child) => (child < 0 ? 0 : child + 1)) },
    nodes_missing_value_tracks_true: { ints: [...trees.missingLeft] },
    target_treeids: { ints: leaves.map((index) => places.tree[index]!) },
    target_nodeids: { ints: leaves.map((index) => places.node[index]!) },
    target_ids: { ints: leaves.map(() => 0) },
    target_weights: { floats: leaves.map((index) => trees.weight[index]!) },
  };
  return encodeModel(
    {
      name: 'gradient boosted trees',
      nodes: [
        {
          name: 'trees',
          operator: 'TreeEnsembleRegressor',
          domain: 'ai.onnx.ml',
          inputs: ['features'],
          outputs: ['prediction'],
          attributes,
        },
      ],
      initialisers: [],
      inputs: [{ name: 'features', type: 'float32', dims: ['rows', booster.columns] }],
      outputs: [{ name: 'prediction', type: 'float32', dims: ['rows', 1] }],
    },
    { text: 'Gradient-boosted regression trees', producerVersion: orionVersion, properties: {} },
    { '': 17, 'ai.onnx.ml': 3 },
  );
}
