import type { EvaluatedFamily } from '../../base/columns.js';
import { type Frame, floored } from '../frame.js';
import { bandwidth, memory } from '../names.js';
import { filledWithMedian } from '../statistics.js';
import { workloadColumns } from '../workload-columns.js';

const bytesPerGB = 1024 ** 3;
const flopsPerGigaflop = 1e9;
const bandwidthBytesPerGB = 1e9;

/** A hardware column with gaps closed by the file's median; undefined where the file has no such column. */
function hardware(frame: Frame, name: string): Float64Array | undefined {
  const values = frame.get(name);
  return values && filledWithMedian(values);
}

function addBatchBins(frame: Frame): void {
  frame.derive('log2_batch_size', ['batch_size'], Math.log2);
  frame.derive('batch_bin_small', ['batch_size'], (batch) => Number(batch <= 32));
  frame.derive('batch_bin_medium', ['batch_size'], (batch) => Number(batch > 32 && batch <= 128));
  frame.derive('batch_bin_large', ['batch_size'], (batch) => Number(batch > 128));
}

function addDeviceProducts(frame: Frame): void {
  const multiprocessors = hardware(frame, 'SM');
  frame.derive('B_per_SM', ['batch_size', multiprocessors], (batch, sm) => batch / floored(sm));
  frame.derive('B_over_GB', ['batch_size', hardware(frame, memory)], (batch, gb) => batch / floored(gb));
  frame.derive('B_times_BW', ['batch_size', hardware(frame, bandwidth)], (batch, rate) => batch * rate);
  frame.derive('B_times_SM', ['batch_size', multiprocessors], (batch, sm) => batch * sm);
}

/** State and activations of a batch over the device's memory. */
function addMemoryPressure(frame: Frame, activationBytes: Float64Array | undefined): void {
  frame.derive(
    'mem_pressure',
    ['total_state_bytes', 'batch_size', activationBytes, hardware(frame, memory)],
    (state, batch, activations, gb) => (state + batch * activations) / floored(gb * bytesPerGB),
  );
  frame.derive('mem_headroom', ['mem_pressure'], (pressure) => Math.min(Math.max(1 - pressure, 0), 1));
  frame.derive('near_vram_limit', ['mem_pressure'], (pressure) => Number(pressure > 0.9));
}

/** Step 5: the batch against the device's memory, multiprocessors, bandwidth and peaks. */
export function addBatchFeatures(frame: Frame, family: EvaluatedFamily): void {
  const activationBytes = frame.firstPresent(workloadColumns[family].activationBytes);
  addBatchBins(frame);
  addDeviceProducts(frame);
  addMemoryPressure(frame, activationBytes);

  frame.set('amp', frame.firstPresent(['amp', 'amp_enabled']) ?? new Float64Array(frame.rows));
  frame.derive('tc_util_proxy', ['amp', 'has_tensor_cores'], (amp, tensorCores) =>
    Number(amp === 1 && tensorCores === 1),
  );
  frame.derive(
    'roof_time_ms',
    [
      'flops_train_per_batch',
      'amp',
      hardware(frame, 'FP16'),
      hardware(frame, 'FP32'),
      'batch_size',
      activationBytes,
      hardware(frame, bandwidth),
    ],
    (flops, amp, fp16, fp32, batch, activations, rate) => {
      const computeSeconds = flops / floored((amp === 1 ? fp16 : fp32) * flopsPerGigaflop);
      const memorySeconds = (batch * activations) / floored(rate * bandwidthBytesPerGB);
      return Math.max(computeSeconds, memorySeconds) * 1000;
    },
  );

  const product = (batch: number, other: number) => batch * other;
  frame.derive('B_times_tc', ['batch_size', 'tc_util_proxy'], product);
  frame.derive('B_times_headroom', ['batch_size', 'mem_headroom'], product);
  for (const architecture of ['Ampere', 'Ada', 'Hopper']) {
    // the first level has no one-hot column, and its product is 0, as in the original
    const flag = frame.get(`arch_${architecture}`) ?? new Float64Array(frame.rows);
    frame.derive(`B_times_arch_${architecture}`, ['batch_size', flag], product);
  }
}
