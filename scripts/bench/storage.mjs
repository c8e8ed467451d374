// Random reads past the page cache: ours, through the addon as users call it, against fio.
//
// What moves a ratio without any difference between the two, found on virtual machines:
// - At depth 1 a read takes 18 or 28 us by whether the reader and the kernel's worker share a CPU, and the scheduler draws
//   that once a sample: pin both sides (taskset -c 1 npm run bench -- storage).
// - A rate-limited disk saves up credit while it is idle: give samples of 2 s where the rate comes near the limit.

import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { requirePositive, requirePositiveInteger } from '../../dist/base/checks.js';
import { native } from '../../dist/base/native.js';
import { median } from '../../dist/base/statistics.js';
import { makeScratchFile } from '../../dist/measure/scratch-file.js';
import { alternatingRounds, summarisePairs } from './lib/pairs.mjs';
import { requireFio, runFio } from './storage/fio.mjs';
import { attachLoop } from './storage/loop.mjs';

export const summary =
  'Random reads past the page cache: time, latency and CPU time of a read, ours against fio (by default told to hand over its reads as ours does).';
export const options = {
  folder: { type: 'string', default: os.tmpdir(), help: 'where the test file is made and removed' },
  'file-size': { type: 'string', default: '1024', help: 'MiB of the test file' },
  time: { type: 'string', default: '0.5', help: 'seconds of a sample, after a ramp of a fifth' },
  'plain-fio': { type: 'boolean', default: false, help: 'fio with its defaults: one read per system call' },
};

const shapes = [
  { blockBytes: 4096, depth: 32, label: '4k-d32' },
  { blockBytes: 4096, depth: 1, label: '4k-d1' },
  { blockBytes: 128 * 1024, depth: 32, label: '128k-d32' },
  { blockBytes: 1024 * 1024, depth: 8, label: '1M-d8' },
];

/** Name -> what is read, and how. */
const cases = Object.fromEntries(
  ['file', 'loop'].flatMap((target) =>
    ['uring', 'psync'].flatMap((engine) =>
      shapes.map((shape) => [`${target}-${engine}-${shape.label}`, { target, engine, ...shape }]),
    ),
  ),
);
export const caseNames = Object.keys(cases);

const rampShare = 0.2;
/** Idle time before a sample: what the other side left to be done is done. */
const pauseMs = 20;

export async function prepare({ pairs, values }) {
  const settings = {
    pairs,
    durationMs: requirePositive(Number(values.time), '--time') * 1000,
    likeOurs: !values['plain-fio'],
  };
  const fileBytes = requirePositiveInteger(Number(values['file-size']), '--file-size') * 2 ** 20;
  const version = requireFio();
  const scratch = makeScratchFile(values.folder, fileBytes);
  const loop = attachLoop(scratch.file);
  const targets = { file: { path: scratch.file }, loop };
  return {
    machine: {
      peer_version: version,
      file_bytes: fileBytes,
      sample_ms: settings.durationMs,
      allowed_cpu_list: readFileSync('/proc/self/status', 'utf8').match(/^Cpus_allowed_list:\s*(.+)$/m)?.[1],
    },
    measure: (name) => measureCase(cases[name], targets[cases[name].target], settings),
    close: () => loop.detach(),
  };
}

async function measureCase({ engine, blockBytes, depth }, { path, reason }, { pairs, durationMs, likeOurs }) {
  if (!path) return { skipped: reason };
  const job = { target: path, engine, blockBytes, depth, durationMs, rampMs: durationMs * rampShare, likeOurs };
  let fioIdleMs = 0;
  const fio = async (round) => {
    await pause(pauseMs);
    const sample = await runFio({ ...job, seed: round + 1 });
    fioIdleMs = sample.idleMs;
    return sample;
  };
  // A device may save up credit while it is idle (disks of virtual machines do): it gets as much time for that before
  // our samples as fio's start and end leave it.
  const ours = async (round) => {
    await pause(pauseMs + fioIdleMs);
    return runOurs({ ...job, seed: round + 1 });
  };
  await fio(0);
  // fio once more, next to itself as it stands next to us: how far from 1 a ratio comes without any difference.
  const samples = await alternatingRounds(pairs, { ours, peer: fio, again: fio });
  const compare = (value, unit) =>
    summarisePairs({ ours: samples.ours.map(value), peer: samples.peer.map(value) }, unit);
  const timeUs = ({ operationsPerSecond }) => 1e6 / operationsPerSecond;
  const further = {
    control: summarisePairs({ ours: samples.again.map(timeUs), peer: samples.peer.map(timeUs) }, 'us'),
    cpu: compare(({ cpuNsPerOperation }) => cpuNsPerOperation / 1000, 'us'),
    p50: compare(({ p50Ns }) => p50Ns / 1000, 'us'),
    p99: compare(({ p99Ns }) => p99Ns / 1000, 'us'),
  };
  return {
    ...compare(timeUs, 'us'),
    ...further,
    reads_per_s: medians(samples, ({ operationsPerSecond }) => operationsPerSecond),
    achieved_depth: medians(samples, ({ achievedDepth }) => achievedDepth),
    columns: Object.entries(further).map(([name, one]) => [
      name === 'control' ? 'fio/fio' : `${name} ratio`,
      `${one.ratio.toFixed(3)} (${one.quartiles.map((quartile) => quartile.toFixed(3)).join(' - ')})`,
    ]),
  };
}

const medians = ({ ours, peer }, value) => ({ ours: median(ours.map(value)), peer: median(peer.map(value)) });

async function runOurs({ target, engine, blockBytes, depth, durationMs, rampMs, seed }) {
  const measured = await native('The bench').storage.measure({
    paths: [target],
    pattern: 'random',
    blockBytes,
    depth,
    threads: 1,
    engine,
    direct: true,
    durationMs,
    rampMs,
    steadyPercent: 0,
    maxBytes: 0,
    seed,
  });
  return {
    operationsPerSecond: measured.operationsPerSecond,
    cpuNsPerOperation: (measured.userCpuNs + measured.systemCpuNs) / measured.operations,
    p50Ns: measured.latencyNs.p50,
    p99Ns: measured.latencyNs.p99,
    achievedDepth: measured.achievedDepth,
  };
}
