// The peer: fio, from the distribution.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { MissingDeviceError } from '../../../dist/base/errors.js';

/** Version of the fio on the PATH; throws MissingDeviceError where there is none. */
export function requireFio() {
  const { status, stdout } = spawnSync('fio', ['--version'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new MissingDeviceError('The peer is missing: there is no fio here; install it (Debian: apt install fio).', {
    code: 'MISSING_ENGINE',
  });
}

const registered = ['--fixedbufs=1', '--registerfiles=1'];

/** Reads that go in one system call, as our engine has it (native/storage/uring.cc). */
const batched = (depth) => [
  `--iodepth_batch=${Math.max(2, Math.floor(depth / 4))}`,
  '--iodepth_batch_complete_min=1',
  `--iodepth_batch_complete_max=${depth}`,
];

/** A synchronous engine has a depth of 1, so that there a depth is made of threads. */
function parallelism({ engine, depth, likeOurs }) {
  if (engine === 'psync') return ['--ioengine=psync', `--numjobs=${depth}`];
  const queue = ['--ioengine=io_uring', `--iodepth=${depth}`];
  return likeOurs ? [...queue, ...registered, ...(depth > 1 ? batched(depth) : [])] : queue;
}

function argumentsOf(job) {
  const { target, blockBytes, durationMs, rampMs, seed } = job;
  return [
    '--name=bench',
    `--filename=${target}`,
    '--readonly',
    '--allow_file_create=0',
    '--rw=randread',
    `--bs=${blockBytes}`,
    '--direct=1',
    ...parallelism(job),
    '--thread',
    '--group_reporting',
    '--time_based',
    `--runtime=${durationMs}ms`,
    `--ramp_time=${rampMs}ms`,
    `--randseed=${seed}`,
    '--lat_percentiles=1',
    '--clat_percentiles=0',
    '--percentile_list=50:99',
    '--output-format=json',
  ];
}

/**
 * Runs the job; `idleMs` is how long fio ran without reading. Times are from a read's preparation to its completion
 * (fio's `lat`), as ours are.
 */
export async function runFio(job) {
  const startedMs = performance.now();
  const { stdout } = await promisify(execFile)('fio', argumentsOf(job), { maxBuffer: 1 << 26 });
  const idleMs = Math.max(0, performance.now() - startedMs - job.durationMs - job.rampMs);
  const [result] = JSON.parse(stdout.slice(stdout.indexOf('{'))).jobs;
  if (result.error !== 0) throw new Error(`fio ended with error ${result.error}`);
  const { total_ios: operations, iops, lat_ns: latency } = result.read;
  return {
    operationsPerSecond: iops,
    // Shares of the threads' run time, summed over the threads as that is.
    cpuNsPerOperation: ((result.usr_cpu + result.sys_cpu) / 100) * ((result.job_runtime * 1e6) / operations),
    p50Ns: latency.percentile['50.000000'],
    p99Ns: latency.percentile['99.000000'],
    achievedDepth: (iops * latency.mean) / 1e9,
    idleMs,
  };
}
