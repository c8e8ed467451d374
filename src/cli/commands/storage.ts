import { requireChoice, requireCount, requirePositive, requirePositiveInteger } from '../../base/checks.js';
import { InputError } from '../../base/errors.js';
import { formatRate, parseBytes } from '../../base/units.js';
import { OutputFolder } from '../../pipeline/output-folder.js';
import { folderSuite, isFolder, ofThreads, storage, storageSuite, wholeFilesBy } from '../../pipeline/storage.js';
import type { Command, CommonOptions } from '../command.js';
import { formatTable, significant } from '../text.js';

interface Options extends CommonOptions {
  target: string;
  pattern: string | undefined;
  blockSize: string;
  depth: string;
  threads: string;
  engine: string;
  buffered: boolean;
  time: number;
  steady: number | undefined;
  suite: boolean;
  seed: number;
}

type Results = Awaited<ReturnType<typeof storage>>;

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
      describe: 'bytes of a read, such as 4k or 1M; 4k,1M is a case for each',
    },
    depth: {
      type: 'string',
      default: '8',
      requiresArg: true,
      describe: 'reads in flight per thread; 1,8,32 is a case for each',
    },
    threads: {
      type: 'string',
      default: '1',
      requiresArg: true,
      describe: 'reading threads; 1,4 is a case for each',
    },
    engine: { type: 'string', default: 'auto', requiresArg: true, describe: 'auto, uring or psync' },
    buffered: { type: 'boolean', default: false, describe: 'read through the page cache' },
    time: { type: 'number', default: 5, requiresArg: true, describe: 'seconds for each case, after a ramp of a fifth' },
    steady: {
      type: 'number',
      requiresArg: true,
      describe: 'ramp until throughput changes by at most so many percent in a second, for at most 10 times --time',
    },
    suite: { type: 'boolean', default: false, describe: 'all cases of the suite' },
    seed: { type: 'number', default: 42, requiresArg: true, describe: 'order of random reads' },
  },
  examples: [
    ['storage /data/tiny-imagenet-200 --suite', 'samples as loaders read them, and blocks of a scratch file'],
    ['storage /dev/nvme0n1 --pattern rand --block-size 4k,128k --depth 1,8,32', 'six cases, for a figure'],
  ],
  epilogue: 'Exit code 4: a read failed midway; its case holds what was read until then.',
  run: async (options, console) => {
    const out = new OutputFolder(options.out);
    const results = await storage(
      out,
      [{ target: options.target, cases: casesOf(options, isFolder(options.target)) }],
      {
        engine: requireChoice(options.engine, ['auto', 'uring', 'psync'] as const, '--engine'),
        direct: !options.buffered,
        durationMs: requirePositive(options.time, '--time') * 1000,
        steadyPercent: options.steady === undefined ? 0 : requirePositive(options.steady, '--steady'),
        seed: requireCount(options.seed, '--seed'),
        onProgress: console.progress,
      },
    );
    console.result(out.readJson<object>('storage.json')!, [tableOf(results), ...remarksOn(results)].join('\n'));
    return results.some(({ measurement }) => measurement.failure !== null) ? 4 : 0;
  },
};

function tableOf(results: Results): string {
  const rows = results.map(({ measurement: m, ...single }) => [
    single.name,
    m.engine,
    formatRate(m.bytesPerSecond),
    `${significant(m.operationsPerSecond)} reads/s`,
    `${significant(m.latencyNs.p50 / 1000)} us`,
    `${significant(m.latencyNs.p99 / 1000)} us`,
  ]);
  return formatTable(['case', 'engine', 'throughput', 'rate', 'p50', 'p99'], rows);
}

/** What the numbers need beside them: who served the bytes, who else uses the device, what failed. */
function remarksOn(results: Results): string[] {
  const { inUse, device } = results[0]!.facts;
  const use =
    inUse.length > 0
      ? [`${device!.name} is in use (${inUse.join(', ')}): others may read and write it meanwhile.`]
      : [];
  const cases = results.flatMap(({ name, served, measurement: { failure, steady } }) => [
    ...(served.by === 'device' ? [] : [`${name}: ${served.sentence}`]),
    ...(steady === false ? [`${name}: throughput was not steady when the ramp ended.`] : []),
    ...(failure === null ? [] : [`${name}: ${failure}`]),
  ]);
  return [...use, ...cases];
}

function casesOf(options: Options, folder: boolean) {
  if (options.suite) return folder ? folderSuite : storageSuite;
  const threads = wholeNumbers(options.threads, '--threads');
  if (options.pattern === undefined && folder) return threads.map(wholeFilesBy);
  const patterns = { seq: 'sequential', rand: 'random' } as const;
  const pattern = patterns[requireChoice(options.pattern ?? 'rand', ['seq', 'rand'] as const, '--pattern')];
  const depths = wholeNumbers(options.depth, '--depth');
  return listOf(options.blockSize).flatMap((size) =>
    depths.flatMap((depth) => threads.map((count) => single(pattern, size, depth, count))),
  );
}

function single(pattern: 'sequential' | 'random', size: string, depth: number, threads: number) {
  const blockBytes = parseBytes(size, '--block-size');
  if (depth * threads * blockBytes > 2 ** 32) {
    throw new InputError(
      `--depth ${depth} x --threads ${threads} x --block-size ${size} needs more than 4 GiB of buffers: lower one of them.`,
    );
  }
  return { name: `${pattern} ${size} depth ${depth}${ofThreads(threads)}`, pattern, blockBytes, depth, threads };
}

const listOf = (text: string) => text.split(',').map((part) => part.trim());

const wholeNumbers = (text: string, option: string) =>
  listOf(text).map((part) => requirePositiveInteger(part === '' ? Number.NaN : Number(part), option));
