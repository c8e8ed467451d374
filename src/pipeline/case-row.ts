import type { Cell, Row } from '../base/columns.js';
import { InputError } from '../base/errors.js';
import { workload } from '../networks/index.js';
import { type CatalogueEntry, findCard, nearNames, readCatalogue } from '../records/catalogue.js';
import { indispensableHardware } from '../records/hardware.js';
import { type ExportOptions, networksNamed, planOf } from './export.js';
import type { MeasuredGpu } from './measured-gpu.js';
import { onnxRow } from './onnx-row.js';
import { describedRows } from './predictor-rows.js';

/** The host side of a case; what is left out is not modelled. */
export interface HostOptions {
  workers?: number | undefined;
  storage?: string | undefined;
  /** CPUs for workers. */
  cpuCap?: number | undefined;
  decodePerSecond?: number | undefined;
  readMBps?: number | undefined;
}

/** What is to be predicted, but for the GPU. */
export interface CaseOptions {
  /** One of ours by its name, or a forward ONNX file with shapes for what it leaves open. */
  network: string | { file: string; shapes: readonly string[] };
  sizes: ExportOptions;
  host: HostOptions;
  /** Columns of the row as COLUMN=VALUE, in place of what follows from the others. */
  columns: readonly string[];
}

/** COLUMN=VALUE, ... as a row: numbers where they are numbers. Throws InputError for a text without '='. */
function parseColumns(texts: readonly string[]): Row {
  return Object.fromEntries(
    texts.map((text): [string, Cell] => {
      const at = text.indexOf('=');
      if (at < 1) throw new InputError(`--set takes COLUMN=VALUE, not '${text}'.`);
      const value = text.slice(at + 1).trim();
      const number = Number(value);
      return [text.slice(0, at).trim(), value !== '' && Number.isFinite(number) ? number : value];
    }),
  );
}

function networkRow(network: string, sizes: ExportOptions): Row {
  const [name] = networksNamed([network]);
  const { dataset, config } = planOf(name!, sizes);
  return { ...workload(config), dataset };
}

/** The row of a case without its GPU. Throws InputError for an unknown network and for sizes that do not fit it. */
export function workloadRow({ network, sizes, host, columns }: CaseOptions): Row {
  return {
    ...(typeof network === 'string' ? networkRow(network, sizes) : onnxRow({ ...network, ...sizes })),
    vcpu: host.workers ?? null,
    storage: host.storage ?? null,
    cpu_cap: host.cpuCap ?? null,
    decode_images_per_s_per_worker: host.decodePerSecond ?? null,
    storage_read_mbps: host.readMBps ?? null,
    ...parseColumns(columns),
  };
}

/** The row on a GPU, with what the catalogue and the row itself say of it. Throws InputError, with near names, for an unknown one. */
export function rowOnGpu(row: Row, gpuName: string, catalogue: readonly CatalogueEntry[] = readCatalogue()): Row {
  const lacking = indispensableHardware.filter((column) => typeof row[column] !== 'number');
  if (!findCard(catalogue, gpuName) && lacking.length > 0) {
    const near = nearNames(catalogue, gpuName);
    const hint = near.length > 0 ? ` Near names: ${near.join(', ')}.` : '';
    throw new InputError(
      `--gpu '${gpuName}' is not in the catalogue: correct the name, or give ${lacking.join(', ')} with --set.${hint}`,
    );
  }
  return describedRows([{ ...row, gpu_name: gpuName }], catalogue)[0]!;
}

/** The row on a GPU that was measured: its columns, but for those that the row has itself. Throws InputError where one lacks. */
export function rowOnMeasuredGpu(row: Row, gpu: MeasuredGpu): Row {
  const given = Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null));
  const described: Row = { ...row, ...gpu.columns, ...given, gpu_name: gpu.name };
  const lacking = indispensableHardware.filter((column) => typeof described[column] !== 'number');
  if (lacking.length > 0) {
    throw new InputError(
      `${gpu.file} does not tell ${lacking.join(', ')} of ${gpu.name}: measure again with 'gpu', or give them with --set.`,
    );
  }
  return described;
}
