import { messageOf } from '../base/errors.js';
import type { GpuMeasurement, GpuUserKernel } from '../base/native.js';
import { CommandChannel, processPeer } from './commands.js';
import type { KernelAnswer, KernelCommand } from './gpu-user-kernel-process.js';

/** What came of a user's kernel, and the code of the error where it has one. */
export interface UserKernelOutcome {
  measurement: GpuMeasurement;
  code: KernelAnswer['code'];
}

/** Beyond its own time-out and sampling: to load the addon, make a context, compile PTX, fill and check buffers. */
const defaultGraceMs = 30_000;
/** A killed process that the driver does not let go is not waited for. */
const burialMs = 5_000;

const wait = (ms: number): Promise<'over'> => new Promise((resolve) => setTimeout(resolve, ms, 'over').unref());

/**
 * Times a kernel of the user's in a process of its own: one that never ends, or spoils its context, takes nothing else with
 * it. Whatever goes wrong is told in the measurement; nothing is thrown.
 */
export async function measureUserKernel(kernel: GpuUserKernel, graceMs = defaultGraceMs): Promise<UserKernelOutcome> {
  const script = new URL('./gpu-user-kernel-process.js', import.meta.url);
  const words = `kernel '${kernel.entry}'`;
  const channel = new CommandChannel<KernelCommand>(processPeer(script, {}), `${words} failed: its process`);
  const limitMs = kernel.timeoutMs + kernel.maximumMs + graceMs;
  const limit = new AbortController();
  try {
    const answer = await Promise.race([channel.call<KernelAnswer>({ kernel }), expiry(limitMs, limit.signal)]);
    if (answer === 'over') {
      return failed(kernel, `${words} did not end within ${limitMs / 1000} s, and its process was ended.`, null);
    }
    return 'text' in answer
      ? { measurement: JSON.parse(answer.text) as GpuMeasurement, code: null }
      : failed(kernel, answer.message, answer.code);
  } catch (error) {
    return failed(kernel, `${messageOf(error)}.`, null);
  } finally {
    limit.abort();
    await Promise.race([channel.end(), wait(burialMs)]);
  }
}

/** Resolves after so long; a timer that keeps the process alive, unless the signal ends it. */
function expiry(ms: number, signal: AbortSignal): Promise<'over'> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, 'over');
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

function failed({ entry, mode = 'hot' }: GpuUserKernel, reason: string, code: KernelAnswer['code']): UserKernelOutcome {
  const measurement: GpuMeasurement = {
    name: entry,
    group: 'user',
    description: "the user's kernel",
    mode,
    precision: '',
    stepName: '',
    status: 'failed',
    reason,
  };
  return { measurement, code };
}
