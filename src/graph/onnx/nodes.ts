import type { OnnxNode } from './types.js';

/** A node of the standard domain, named after its first output unless given. */
export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: OnnxNode['attributes'] = {},
  name: string = outputs[0]!,
): OnnxNode {
  return { name, operator, domain: '', inputs, outputs, attributes };
}
