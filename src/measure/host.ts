import sharp from 'sharp';
import { type HostRate, native } from '../base/native.js';
import type { OnProgress } from '../base/progress.js';
import { MersenneTwister } from '../base/random.js';
import { median } from '../base/statistics.js';
import { type HostFacts, hostFacts } from './host-facts.js';

export interface DecodeRate {
  images_per_s: number;
  in_flight: number;
  images: number;
}

export interface HostMeasurement {
  facts: HostFacts;
  /** Streaming copy, read + write counted. */
  copy_bytes_per_s: { one_thread: number; all_threads: number };
  /** Fused multiply-adds, FLOP/s. */
  fp32_flops_per_s: { one_thread: number; all_threads: number };
  fp64_flops_per_s: { one_thread: number; all_threads: number };
  instruction_set: string | null;
  /** JPEG 500x375 decoded and resized to 224x224. */
  decode: { one_thread: DecodeRate; all_threads: DecodeRate };
  /** Largest relative standard deviation over the repeats of the rates above. */
  relative_standard_deviation: number;
}

const photograph = { width: 500, height: 375, blockPixels: 25 } as const;

/** A JPEG with the structure of a photograph: smooth blocks with a little noise, not white noise. */
async function makePhotograph(seed: number): Promise<Buffer> {
  const { width, height, blockPixels } = photograph;
  const random = new MersenneTwister(seed);
  const columns = Math.ceil(width / blockPixels);
  const rows = Math.ceil(height / blockPixels);
  const coarse = Buffer.alloc(columns * rows * 3);
  for (let i = 0; i < coarse.length; i++) coarse[i] = random.interval(255);
  const smooth = await sharp(coarse, { raw: { width: columns, height: rows, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
  for (let i = 0; i < smooth.length; i++) smooth[i] = Math.min(255, Math.max(0, smooth[i]! + random.interval(16) - 8));
  return sharp(smooth, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function decodeRate(images: Buffer[], inFlight: number, durationMs: number): Promise<DecodeRate> {
  let started = 0;
  let finished = 0;
  const begin = performance.now();
  const stream = async () => {
    while (performance.now() - begin < durationMs) {
      await sharp(images[started++ % images.length])
        .resize(224, 224, { fit: 'fill' })
        .raw()
        .toBuffer();
      finished++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, stream));
  return { images_per_s: finished / ((performance.now() - begin) / 1000), in_flight: inFlight, images: finished };
}

/** Warms up, then takes the run with the median rate of three. */
async function medianDecodeRate(images: Buffer[], inFlight: number, durationMs: number): Promise<DecodeRate> {
  await decodeRate(images, inFlight, durationMs / 4);
  const runs: DecodeRate[] = [];
  for (let i = 0; i < 3; i++) runs.push(await decodeRate(images, inFlight, durationMs / 3));
  const middle = median(runs.map((run) => run.images_per_s));
  return runs.find((run) => run.images_per_s === middle)!;
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
  sharp.concurrency(1); // parallelism comes from images in flight, as in a loader
  sharp.cache(false);
  const images = await Promise.all([1, 2, 3, 4].map(makePhotograph));
  const decode = {
    one_thread: await medianDecodeRate(images, 1, durationMs),
    all_threads: await medianDecodeRate(images, threads, durationMs),
  };
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
