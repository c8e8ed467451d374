import type { Argv, CommandModule } from 'yargs';
import { defaultDataRoot } from '../pipeline/defaults.js';
import { OutputFolder } from '../pipeline/output-folder.js';
import { Console } from './console.js';

export interface CommonOptions {
  json: boolean;
  out: string;
  quiet: boolean;
}

/** A command: its help beside what it does. `run` prints through the console and returns the exit code (default 0). */
export interface Command<Options extends CommonOptions> {
  /** yargs' notation: 'rmse <family>'. */
  usage: string;
  summary: string;
  options: (yargs: Argv<CommonOptions>) => Argv<Options>;
  run: (options: Options, out: OutputFolder, console: Console) => Promise<number | undefined>;
}

/** What is handed to yargs: common options applied, the exit code reported through `onExit`. */
export function toModule<Options extends CommonOptions>(
  command: Command<Options>,
  onExit: (code: number) => void,
): CommandModule<CommonOptions, Options> {
  return {
    command: command.usage,
    describe: command.summary,
    builder: command.options,
    handler: async (options) => {
      const console = new Console(options);
      try {
        onExit((await command.run(options, new OutputFolder(options.out), console)) ?? 0);
      } finally {
        console.close();
      }
    },
  };
}

export const dataRootOption = {
  type: 'string',
  default: defaultDataRoot,
  requiresArg: true,
  describe: 'folder of the data sets',
} as const;
