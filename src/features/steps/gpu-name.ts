import { type Frame, floored } from '../frame.js';
import { addOneHot } from './one-hot.js';

/**
 * Architecture family by product name, the first match counting. RTX 50-series cards are Blackwell; the original files
 * them under Ada, and the faithful recipe keeps that. Volta has no family of its own there: Unknown.
 */
const families: readonly [family: string, pattern: RegExp][] = [
  ['Hopper', /\bG?H(100|200|800|20)\b/i],
  ['Ada', /\bAda\b|\bL(2|4|20|40|40S)\b|\bRTX 40\d\d\b|\bRTX 50\d\d\b/i],
  ['Ampere', /\bA(2|10|10G|16|30|40|100|800)\b|\bRTX A\d+\b|\bRTX 30\d\d\b/i],
  ['Turing', /\bT(4|4G)\b|\bRTX 20\d\d\b|\bGTX 16\d\d\b|\bQuadro RTX\b|\bTITAN RTX\b/i],
  ['Pascal', /\bP(4|6|40|100)\b|\bGTX 10\d\d\b|\bQuadro P\d+\b/i],
];
const datacenter = /\b(G?H(100|200|800|20)|A(2|10|10G|16|30|40|100|800)|L(2|4|20|40|40S)|T4G?|V100|P(4|6|40|100))\b/i;

export function architectureFamily(gpuName: string): string {
  return families.find(([, pattern]) => pattern.test(gpuName))?.[0] ?? 'Unknown';
}

/**
 * Tensor cores as the original finds them: on data-centre cards from Volta on. It misses those of the RTX cards, and the
 * faithful recipe does so too.
 */
const hasTensorCores = (gpuName: string): boolean =>
  datacenter.test(gpuName) && architectureFamily(gpuName) !== 'Pascal';

/** Step 3: what the device's name and its memory type tell, and its peaks over the work of a batch. */
export function addNameFlags(
  frame: Frame,
  gpuNames: readonly (string | null)[],
  memoryTypes: readonly (string | null)[],
): void {
  const flag = (texts: readonly (string | null)[], holds: (text: string) => boolean) =>
    Float64Array.from(texts, (text) => Number(text !== null && holds(text)));

  addOneHot(
    frame,
    'arch',
    gpuNames.map((name) => architectureFamily(name ?? '')),
  );
  frame.set('has_tensor_cores', flag(gpuNames, hasTensorCores));
  frame.set(
    'is_pcie',
    flag(gpuNames, (name) => /pcie/i.test(name)),
  );
  frame.set(
    'is_sxm',
    flag(gpuNames, (name) => /sxm/i.test(name)),
  );
  frame.set(
    'is_datacenter',
    flag(gpuNames, (name) => datacenter.test(name)),
  );
  frame.set(
    'has_HBM',
    flag(memoryTypes, (type) => /hbm/i.test(type)),
  );
  for (const peak of ['FP16', 'FP32']) {
    frame.derive(`${peak}_per_trainflop`, [peak, 'flops_train_per_batch'], (rate, flops) => rate / floored(flops));
  }
}
