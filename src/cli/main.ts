import yargs from 'yargs';
import { OrionError } from '../base/errors.js';
import { orionVersion } from '../base/package.js';
import { commonOptions, toModule } from './command.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { exportCommand } from './commands/export.js';
import { figuresCommand } from './commands/figures.js';
import { fitCommand } from './commands/fit.js';
import { generateCommand } from './commands/generate.js';
import { gpuCommand } from './commands/gpu.js';
import { hostCommand } from './commands/host.js';
import { logoCommand } from './commands/logo.js';
import { predictCommand } from './commands/predict.js';
import { reportCommand } from './commands/report.js';
import { rmseCommand } from './commands/rmse.js';
import { runCommand } from './commands/run.js';
import { storageCommand } from './commands/storage.js';
import { endOnSignal } from './interruption.js';

const exitUsage = 2;
const exitFault = 1;

/** Runs one command line and returns its exit code; prints one sentence for errors that are the user's to mend. */
export async function main(args: string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0); // the reader (`| head`) has seen enough
    process.stderr.write(`orion-bench: the result cannot be written to stdout (${error.message}).\n`);
    process.exit(exitUsage);
  });
  // Whoever reads the progress may leave before the work is done.
  process.stderr.on('error', () => {});
  endOnSignal();
  let exitCode = 0;
  const onExit = (code: number) => {
    exitCode = code;
  };
  let usageError: string | null = null;
  const parser = yargs(args)
    .scriptName('orion-bench')
    .usage('$0 <command>\n\nHow long does a training iteration take on this machine, and on one you do not have?')
    .options(commonOptions)
    .command(toModule(runCommand, onExit))
    .command(toModule(doctorCommand, onExit))
    .command(toModule(hostCommand, onExit))
    .command(toModule(gpuCommand, onExit))
    .command(toModule(storageCommand, onExit))
    .command(toModule(dataCommand, onExit))
    .command(toModule(exportCommand, onExit))
    .command(toModule(generateCommand, onExit))
    .command(toModule(rmseCommand, onExit))
    .command(toModule(logoCommand, onExit))
    .command(toModule(fitCommand, onExit))
    .command(toModule(predictCommand, onExit))
    .command(toModule(figuresCommand, onExit))
    .command(toModule(reportCommand, onExit))
    .completion('completion', 'print a completion script for the shell')
    .demandCommand(1, 1, 'Name a command.', 'Name one command.')
    .strict()
    .parserConfiguration({ 'camel-case-expansion': true })
    .recommendCommands()
    .help()
    .alias('help', 'h')
    .version(orionVersion)
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      if (error) throw error;
      usageError = message;
      throw new UsageSignal(message);
    });
  try {
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    return reportError(error, usageError);
  }
}

/** Ends yargs' parsing; its message is for the user. */
class UsageSignal extends Error {}

function reportError(error: unknown, usageError: string | null): number {
  if (error instanceof OrionError) {
    process.stderr.write(`orion-bench: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof UsageSignal || usageError !== null) {
    const sentence = (usageError ?? '').replaceAll('\n', ' ').replace(/\s+/g, ' ').trim();
    process.stderr.write(
      `orion-bench: ${sentence.replace(/\.?$/, ';')} 'orion-bench --help' lists commands and options.\n`,
    );
    return exitUsage;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.stderr.write('orion-bench: this is a fault of the program, not of your input.\n');
  return exitFault;
}
