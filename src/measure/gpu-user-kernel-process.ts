import { messageOf, OrionError } from '../base/errors.js';
import { type GpuUserKernel, native } from '../base/native.js';
import { answerCommands, processSource } from './commands.js';

/** The process that runs a user's kernel: the parent kills it where the kernel does not end. */
export interface KernelCommand {
  kernel: GpuUserKernel;
}

/** The JSON of the measurement, or an error of the user's to mend, with its code. */
export type KernelAnswer = { text: string; code: null } | { message: string; code: OrionError['code'] };

answerCommands<KernelCommand>(processSource(), async ({ kernel }): Promise<KernelAnswer> => {
  try {
    return { text: await native('A kernel of your own').gpu.measureUserKernel(kernel), code: null };
  } catch (error) {
    if (!(error instanceof OrionError)) throw error;
    return { message: messageOf(error), code: error.code };
  }
});

// Ctrl-C reaches the whole process group; the parent ends this process. Where the parent is gone, so are its results.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
