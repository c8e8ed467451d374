import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../base/checks.js';
import type { Cell } from '../base/columns.js';
import { packageRoot } from '../base/package.js';

/** Values of the hardware columns (`hardwareColumns`), by column name. */
export type HardwareFacts = Readonly<Record<string, Cell>>;

/** Dense peak rates of matrix units (tensor cores), GFLOP/s or GOP/s, sums in 32 bits; null where no document says. */
export type MatrixRates = Readonly<Record<'FP64' | 'FP32' | 'TF32' | 'FP16' | 'BF16' | 'INT8', number | null>>;

/** One card of `models/hardware/gpus.json`. */
export interface CatalogueEntry {
  /** As the driver reports it. */
  name: string;
  /** Other names it goes by. */
  aliases: readonly string[];
  year: number;
  /** Tensor cores (AMD: matrix cores). */
  TC: number;
  /** CUDA cores (AMD: stream processors). */
  cores: number;
  boost_clock_MHz: number | null;
  /** Float32 operations per core and clock; 2, one fused multiply-add, where absent. */
  FP32_per_core_clock?: number;
  hardware: HardwareFacts;
  matrix: MatrixRates;
  /** 2^20 bytes. */
  L2_MB: number | null;
  /** Power of the board, or of the share of it that the driver reports as a device. */
  TDP_W: number | null;
  memory_bus_bits: number | null;
  memory_Gbps_per_pin: number | null;
  /** The document that the figures come from. */
  source: string;
}

/** The catalogue that the package ships. */
export function readCatalogue(): CatalogueEntry[] {
  const file = path.join(packageRoot, 'models', 'hardware', 'gpus.json');
  return JSON.parse(readFileSync(file, 'utf8')) as CatalogueEntry[];
}

// vendor and series names that one program writes and another leaves out
const optionalWords = new Set(['nvidia', 'tesla', 'geforce', 'quadro', 'generation', 'gpu']);

const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !optionalWords.has(word));

const keyOf = (name: string): string => wordsOf(name).join(' ');

/** The card of that name; case, vendor and punctuation do not count. */
export function findCard(catalogue: readonly CatalogueEntry[], gpuName: string): CatalogueEntry | undefined {
  const key = keyOf(gpuName);
  return catalogue.find(({ name, aliases }) => [name, ...aliases].some((each) => keyOf(each) === key));
}

/** As `findCard`, remembering the names it was asked for: files repeat them row by row. */
export function cardFinder(catalogue: readonly CatalogueEntry[]): (gpuName: string) => CatalogueEntry | undefined {
  const found = new Map<string, CatalogueEntry | undefined>();
  return (gpuName) => {
    if (!found.has(gpuName)) found.set(gpuName, findCard(catalogue, gpuName));
    return found.get(gpuName);
  };
}

/** Share of words that two names have in common (Jaccard index). */
function similarity(a: string, b: string): number {
  const left = new Set(wordsOf(a));
  const right = new Set(wordsOf(b));
  const common = [...left].filter((word) => right.has(word)).length;
  return common / Math.max(left.size + right.size - common, 1);
}

/** Names of the catalogue that share words with this one, the nearest first; else the one that is spelled most alike. */
export function nearNames(catalogue: readonly CatalogueEntry[], gpuName: string, count = 3): string[] {
  const sharing = catalogue
    .map(({ name, aliases }) => ({
      name,
      score: Math.max(...[name, ...aliases].map((each) => similarity(each, gpuName))),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ name }) => name);
  if (sharing.length > 0) return sharing;
  const keys = catalogue.map(({ name }) => keyOf(name));
  const alike = nearest(keyOf(gpuName), keys);
  return alike === null ? [] : [catalogue[keys.indexOf(alike)]!.name];
}
