import { whyUnusable } from '../measure/gpu-usable.js';
import type { Facts } from '../report/index.js';
import type { GpuReport } from './gpu-files.js';

/** Lists of the fingerprint that the table of cases has as well. */
const listed = ['training', 'copy_by_working_set', 'unusable'];

/** A `gpu.json` as the report shows it: a table of GPUs with their fingerprints, and one of cases without their samples. */
export function gpuFacts(document: Facts | null): Facts | null {
  if (!Array.isArray(document?.gpus)) return document;
  const { gpus } = document as unknown as GpuReport;
  const cases = gpus.flatMap(({ device, measurements }) =>
    measurements.map((measured) => ({
      gpu_name: device.name,
      case: measured.name,
      median_ns: measured.timeNs?.median ?? null,
      bytes_per_s: measured.bytesPerSecond || null,
      flops_per_s: measured.operationsPerSecond || null,
      step_ns: measured.nsPerStep || null,
      answer: whyUnusable(measured) ?? (measured.allThrottled ? 'right, throttled' : 'right'),
    })),
  );
  const cards = gpus.map(({ device, fingerprint: { roofline, ...fingerprint } }) => {
    const { points: _points, ...roof } = roofline;
    const rates = Object.entries(fingerprint).filter(([name]) => !listed.includes(name));
    return { device, ...Object.fromEntries(rates), roofline: roof };
  });
  return { ...document, gpus: cards as unknown as Facts[], gpu_cases: cases };
}
