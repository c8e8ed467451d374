import type { GpuDevice, GpuInventory, GpuMeasurement } from '../base/native.js';
import { type ResultHeader, resultHeader } from '../base/provenance.js';
import type { GpuResult } from '../measure/gpu.js';
import { fingerprintOf, type GpuFingerprint } from '../measure/gpu-fingerprint.js';
import { writeTable } from '../records/write.js';
import { gpuColumns, gpuRow } from './gpu-row.js';
import type { OutputFolder } from './output-folder.js';

/** What `gpu.json` has behind the block that every result begins with. */
export interface GpuReport {
  /** "580.65.06"; null where it is not known. */
  driver: string | null;
  driver_version: number;
  runtime_version: number;
  /** quick, full, chosen cases or user kernel */
  suite: string;
  /** Where the measurements come from, if they were not made by the run that wrote the file. */
  imported: { file: string; tool: string; version: string; measured_at: string | null } | null;
  gpus: { device: GpuDevice; fingerprint: GpuFingerprint; measurements: GpuMeasurement[] }[];
}

const timing =
  'median over samples; cold: one launch, L2 flushed, stream held back until the launch is queued, CUDA events around it; ' +
  'hot and graph: a batch of launches back to back between two events; host: by the clock of the host, from the call to ' +
  'the end of the work; throttled samples are left out of the statistics unless all are; samplesNs are raw; every answer ' +
  "is compared with the host's own, in double precision";

/** Writes `gpu.json` and `gpu.csv`, again and again as cases end. */
export class GpuFiles {
  readonly #out: OutputFolder;
  readonly #header: ResultHeader;
  readonly #facts: Omit<GpuReport, 'gpus'>;

  constructor(
    out: OutputFolder,
    devices: readonly GpuDevice[],
    { driver, driverVersion, runtimeVersion }: Pick<GpuInventory, 'driver' | 'driverVersion' | 'runtimeVersion'>,
    { suite, imported = null }: Pick<GpuReport, 'suite'> & Partial<Pick<GpuReport, 'imported'>>,
  ) {
    this.#out = out;
    const obtained = {
      measurements: imported ? `imported: ${importWords(imported)}; measured: ${timing}` : `measured: ${timing}`,
      fingerprint: 'calculated from the measurements; wrong answers, failures and what was left out are null',
    };
    const header = resultHeader(
      obtained,
      devices.map(({ name }) => name),
      { kernels: 'CUDA events', host: 'CLOCK_MONOTONIC_RAW' },
    );
    this.#header = imported?.measured_at ? { ...header, started_at: imported.measured_at } : header;
    this.#facts = {
      driver: driver || null,
      driver_version: driverVersion,
      runtime_version: runtimeVersion,
      suite,
      imported,
    };
  }

  async write(results: readonly GpuResult[]): Promise<GpuReport> {
    const gpus = results.map(({ device, measurements }) => ({
      device,
      fingerprint: fingerprintOf(device, measurements),
      measurements,
    }));
    const report: GpuReport = { ...this.#facts, gpus };
    this.#out.writeJson('gpu.json', this.#header, report);
    const rows = results.flatMap(({ device, measurements }) => measurements.map((each) => gpuRow(device, each)));
    await writeTable(this.#out.file('gpu.csv'), gpuColumns, rows);
    return report;
  }
}

const importWords = ({ file, tool, version, measured_at }: NonNullable<GpuReport['imported']>): string =>
  `by ${tool} ${version} on another machine (${file}, ${measured_at ?? 'without a date'}); "machine" is the one that imported it`;
