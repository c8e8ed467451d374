import { type Frame, floored } from '../frame.js';
import { bandwidth, memory } from '../names.js';

/** Step 1: work over each of the device's rates. */
export function addRatios(frame: Frame): void {
  const ratio = (numerator: number, denominator: number) => numerator / floored(denominator);
  frame.derive('flops_to_bw_ratio', ['flops_train_per_batch', bandwidth], ratio);
  for (const peak of ['FP32', 'FP16', 'FP64']) {
    frame.derive(`flops_to_${peak}_ratio`, ['flops_train_per_batch', peak], ratio);
  }
  frame.derive('bw_per_gb', [bandwidth, memory], ratio);
  frame.derive('ai_over_fp32', ['arithmetic_intensity_train', 'FP32'], ratio);
}
