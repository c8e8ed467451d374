import { requireChoice, requirePositive, requirePositiveInteger } from '../../base/checks.js';
import { InputError } from '../../base/errors.js';
import { formatRate, parseBytes } from '../../base/units.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import { isFolder, storage, storageSuite, wholeFiles } from '../../pipeline/storage.js';
import type { Command, CommonOptions } from '../command.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  target: string;
  pattern: string | undefined;
  blockSize: string;
  depth: number;
  threads: number;
  engine: string;
  buffered: boolean;
  time: number;
  suite: boolean;
  seed: number;
}

export const storageCommand: Command<Options> = {
  usage: 'storage <target>',
  summary: 'read-only throughput and latency of a file, a folder of samples or a raw device',
  positionals: {
    target: {
      type: 'string',
      demandOption: true,
      describe: 'file, folder or block device; never written to',
    },
  },
  options: {
    pattern: {
      type: 'string',
      requiresArg: true,
      describe: 'seq or rand; a folder: its files whole, unless given',
    },
    'block-size': {
      type: 'string',
      default: '128k',
      requiresArg: true,
      describe: 'bytes of a read, such as 4k or 1M',
    },
    depth: { type: 'number', default: 8, requiresArg: true, describe: 'reads in flight per thread' },
    threads: { type: 'number', default: 1, requiresArg: true, describe: 'reading threads' },
    engine: { type: 'string', default: 'auto', requiresArg: true, describe: 'auto, uring or psync' },
    buffered: { type: 'boolean', default: false, describe: 'read through the page cache' },
    time: { type: 'number', default: 5, requiresArg: true, describe: 'seconds for each case' },
    suite: { type: 'boolean', default: false, describe: 'all cases of the suite' },
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'order of random reads' },
  },
  run: async (options, console) => {
    const out = new OutputFolder(options.out);
    const results = await storage(
      out,
      [{ target: options.target, cases: casesOf(options, isFolder(options.target)) }],
      {
        engine: requireChoice(options.engine, ['auto', 'uring', 'psync'] as const, '--engine'),
        direct: !options.buffered,
        durationMs: requirePositive(options.time, '--time') * 1000,
        seed: options.seed,
        onProgress: console.progress,
      },
    );
    const rows = results.map(({ measurement: m, ...single }) => [
      single.name,
      m.engine,
      formatRate(m.bytesPerSecond),
      `${significant(m.operationsPerSecond)} reads/s`,
      `${significant(m.latencyNs.p50 / 1000)} us`,
      `${significant(m.latencyNs.p99 / 1000)} us`,
    ]);
    console.result({ results }, formatTable(['case', 'engine', 'throughput', 'rate', 'p50', 'p99'], rows));
    return 0;
  },
};

function casesOf(options: Options, folder: boolean) {
  if (options.suite) return folder ? [wholeFiles, ...storageSuite] : storageSuite;
  if (options.pattern === undefined) return [folder ? wholeFiles : single(options, 'random')];
  const patterns = { seq: 'sequential', rand: 'random' } as const;
  return [single(options, patterns[requireChoice(options.pattern, ['seq', 'rand'] as const, '--pattern')])];
}

function single(options: Options, pattern: 'sequential' | 'random') {
  const blockBytes = parseBytes(options.blockSize, '--block-size');
  const depth = requirePositiveInteger(options.depth, '--depth');
  const threads = requirePositiveInteger(options.threads, '--threads');
  if (depth * threads * blockBytes > 2 ** 32) {
    throw new InputError(
      `--depth ${depth} x --threads ${threads} x --block-size ${options.blockSize} needs more than 4 GiB of buffers: lower one of them.`,
    );
  }
  return { name: `${pattern} ${options.blockSize} depth ${depth}`, pattern, blockBytes, depth, threads };
}
