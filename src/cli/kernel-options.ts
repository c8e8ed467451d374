import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import type { GpuMode, GpuUserKernel } from '../base/native.js';
import { parseBytes } from '../base/units.js';
import { choice, msOf, number, text } from './option-kinds.js';

/** A kernel of the user's, as `gpu` takes it. */
export interface KernelOptions {
  kernel?: string;
  entry?: string;
  grid?: string;
  block?: string;
  shared?: string;
  arg?: string[];
  timeout?: number;
  mode?: string;
}

const modes: readonly GpuMode[] = ['cold', 'hot', 'graph', 'host'];

export const kernelOptions = {
  kernel: text('its file: .ptx, .cubin or .fatbin'),
  entry: text('its name in the file, as nvcc left it: extern "C" keeps it plain'),
  grid: text('blocks: X, X,Y or X,Y,Z'),
  block: text('threads of a block, likewise'),
  shared: text('dynamic shared memory of a block in bytes, such as 48k (default 0)'),
  arg: {
    ...text('its arguments in order: TYPE:VALUE (f32:1.5), or buffer:TYPE:COUNT[:FILL] (buffer:f32:1Mi:random)'),
    array: true,
  },
  mode: text(`how it is timed: ${modes.join(', ')} (default hot; docs/gpu.md)`),
  timeout: number('seconds after which a kernel that does not end is given up (default 10)'),
} as const;

const endings = ['.ptx', '.cubin', '.fatbin'];
const defaultTimeoutSeconds = 10;

/** The kernel that the options describe; undefined where they name none. Throws InputError for half a description. */
export function kernelOf(options: KernelOptions): Omit<GpuUserKernel, 'device' | 'maximumMs'> | undefined {
  const { kernel, entry, grid, block } = options;
  if (kernel === undefined) {
    const stray = (Object.keys(kernelOptions) as (keyof KernelOptions)[]).find((name) => options[name] !== undefined);
    if (stray) throw new InputError(`--${stray} is for a kernel of your own: give --kernel FILE, or leave it out.`);
    return undefined;
  }
  if (entry === undefined || grid === undefined || block === undefined) {
    const lacking = Object.entries({ '--entry NAME': entry, '--grid X,Y,Z': grid, '--block X,Y,Z': block })
      .filter(([, value]) => value === undefined)
      .map(([option]) => option);
    throw new InputError(`--kernel needs ${lacking.join(' and ')} too.`);
  }
  requireKernelFile(kernel);
  return {
    file: kernel,
    entry,
    grid: extentOf(grid, '--grid'),
    block: extentOf(block, '--block'),
    shared: /^0*$/.test(options.shared ?? '') ? '0' : String(parseBytes(options.shared!, '--shared')),
    arguments: options.arg ?? [],
    timeoutMs: msOf(options.timeout ?? defaultTimeoutSeconds, '--timeout'),
    mode: choice(options.mode, modes, '--mode'),
  };
}

function requireKernelFile(file: string): void {
  if (!endings.includes(path.extname(file).toLowerCase())) {
    throw new InputError(
      `--kernel ${file}: give a .ptx, .cubin or .fatbin file; 'nvcc --ptx FILE.cu' makes the first of a source.`,
    );
  }
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new InputError(`--kernel ${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** The engine knows the limits of the device; here only what are no extents is refused. */
function extentOf(text: string, option: string): string {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length <= 3 && parts.every((part) => /^[1-9]\d{0,9}$/.test(part))) return parts.join(',');
  throw new InputError(`${option} takes one to three positive whole numbers such as 128 or 16,16, not '${text}'.`);
}
