import { type HostRate, native } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';
import { type DecodeRate, measureDecodeRates } from './decode-rate.js';
import { type HostFacts, hostFacts } from './host-facts.js';

export interface HostMeasurement {
  facts: HostFacts;
  /** Streaming copy, read + write counted. */
  copy_bytes_per_s: { one_thread: number; all_threads: number };
  /** Fused multiply-adds, FLOP/s. */
  fp32_flops_per_s: { one_thread: number; all_threads: number };
  fp64_flops_per_s: { one_thread: number; all_threads: number };
  instruction_set: string | null;
  /** JPEG 500x375 to a network's 224x224 input, as the loader prepares it. */
  decode: { one_thread: DecodeRate; all_threads: DecodeRate };
  /** Largest relative standard deviation over the repeats of the rates above. */
  relative_standard_deviation: number;
}

export interface HostOptions {
  /** Time for each rate. */
  durationMs: number;
  /** Threads for the all-thread rates. */
  threads: number;
  onProgress?: OnProgress | undefined;
}

/** Copy, arithmetic and JPEG decode rates of this host, on one thread and on all. */
export async function measureHost({ durationMs, threads, onProgress }: HostOptions): Promise<HostMeasurement> {
  const { host } = native("The 'host' measurement");
  const rates: HostRate[] = [];
  const kept = (rate: HostRate): number => {
    rates.push(rate);
    return rate.perSecond;
  };
  // Four times the last-level cache, or more: the copy must come from memory.
  const facts = hostFacts();
  const bytes = Math.max(64 * 2 ** 20, 4 * Math.max(0, ...facts.cache_bytes.filter(Boolean)));

  onProgress?.({ stage: 'host', detail: 'memory copy' });
  const copy = {
    one_thread: kept(await host.copyBandwidth({ threads: 1, bytes, durationMs })),
    all_threads: kept(await host.copyBandwidth({ threads, bytes, durationMs })),
  };
  onProgress?.({ stage: 'host', detail: 'fused multiply-add' });
  const arithmetic = async (precision: 32 | 64) => ({
    one_thread: kept(await host.fmaRate({ threads: 1, precision, durationMs })),
    all_threads: kept(await host.fmaRate({ threads, precision, durationMs })),
  });
  const fp32 = await arithmetic(32);
  const instructionSet = rates.at(-1)?.instructionSet ?? null;
  const fp64 = await arithmetic(64);

  onProgress?.({ stage: 'host', detail: 'JPEG decode' });
  const decode = await measureDecodeRates(durationMs, threads);
  return {
    facts,
    copy_bytes_per_s: copy,
    fp32_flops_per_s: fp32,
    fp64_flops_per_s: fp64,
    instruction_set: instructionSet,
    decode,
    relative_standard_deviation: Math.max(...rates.map((rate) => rate.relativeStandardDeviation)),
  };
}
