import type { Argv, CommandModule, Options as OptionSpec, PositionalOptions } from 'yargs';
import { InputError } from '../base/errors.js';
import { defaultDataRoot, defaultOutputFolder } from '../pipeline/defaults.js';
import { Console } from './console.js';

export interface CommonOptions {
  json: boolean;
  out: string;
  quiet: boolean;
}

/** Options of every command. */
export const commonOptions = {
  json: { type: 'boolean', default: false, describe: 'one JSON document on stdout', global: true },
  out: {
    type: 'string',
    default: defaultOutputFolder,
    requiresArg: true,
    describe: 'folder for results',
    global: true,
  },
  quiet: { type: 'boolean', default: false, describe: 'no progress, no notes', global: true },
} as const;

/** A command: its help beside what it does. `run` prints through the console and returns the exit code (default 0). */
export interface Command<Options extends CommonOptions> {
  /** yargs' notation: 'rmse <family>'. */
  usage: string;
  summary: string;
  /** Positional arguments named in `usage`. */
  positionals?: Record<string, PositionalOptions>;
  /** By their names on the command line; `run` gets them in camel case. */
  options: Record<string, OptionSpec>;
  /** Titles of the help, and the options below each; those that are not named come last. */
  groups?: Record<string, readonly string[]>;
  /** What is typed, and what it is for. */
  examples?: readonly (readonly [typed: string, purpose: string])[];
  /** Ends the help. */
  epilogue?: string;
  run: (options: Options, console: Console) => Promise<number | undefined>;
}

/** What is handed to yargs: common options applied, the exit code reported through `onExit`. */
export function toModule<Options extends CommonOptions>(
  command: Command<Options>,
  onExit: (code: number) => void,
): CommandModule {
  return {
    command: command.usage,
    describe: command.summary,
    builder: (yargs: Argv) => {
      for (const [name, positional] of Object.entries(command.positionals ?? {})) yargs.positional(name, positional);
      for (const [title, names] of Object.entries(command.groups ?? {})) yargs.group([...names], title);
      for (const [typed, purpose] of command.examples ?? []) yargs.example(`$0 ${typed}`, purpose);
      if (command.epilogue) yargs.epilogue(command.epilogue);
      return yargs.options(command.options);
    },
    handler: async (parsed) => {
      requireOnce(parsed, { ...command.positionals, ...command.options, ...commonOptions });
      // yargs has checked the types that the declarations above name.
      const options = parsed as unknown as Options;
      const console = new Console(options);
      try {
        onExit((await command.run(options, console)) ?? 0);
      } finally {
        console.close();
      }
    },
  };
}

/** yargs makes an array of an option that is given twice, and of nothing else but lists. */
function requireOnce(parsed: Record<string, unknown>, declared: Record<string, OptionSpec | PositionalOptions>): void {
  const twice = Object.keys(declared).find((name) => Array.isArray(parsed[name]) && !declared[name]!.array);
  if (twice) throw new InputError(`--${twice} is given ${(parsed[twice] as unknown[]).length} times: give it once.`);
}

export const dataRootOption = {
  type: 'string',
  default: defaultDataRoot,
  requiresArg: true,
  describe: 'folder of the data sets',
} as const;
