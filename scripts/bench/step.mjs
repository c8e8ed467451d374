// Training step of each network: time and peak memory, ours (ONNX Runtime) against PyTorch, on the CPU.
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { requireChoice, requirePositiveInteger } from '../../dist/base/checks.js';
import { median } from '../../dist/base/statistics.js';
import { ForeignCpuMeter, foreignCores } from '../../dist/measure/foreign-cpu.js';
import { tripCounts } from '../../dist/measure/session/trip-counts.js';
import { WarmUpRule } from '../../dist/measure/session/warm-up.js';
import { notesOnOthers } from './lib/others.mjs';
import { alternatingPairs, summarisePairs } from './lib/pairs.mjs';
import { requirePython } from './lib/python.mjs';
import { Resident } from './lib/resident.mjs';
import { cases, learningRate } from './step/cases.mjs';
import { coreTypes, supportedCoreTypes } from './step/openblas.mjs';

export const summary = 'Training step, time and peak memory: ours (ONNX Runtime) against PyTorch, on the CPU.';
export const caseNames = Object.keys(cases);
export const options = {
  batch: { type: 'string', help: 'another batch size for all cases' },
  depth: { type: 'string', help: 'another depth for the networks whose depth can be chosen' },
  'openblas-coretype': { type: 'string', help: `instead of the fastest: one of ${coreTypes.join(', ')}` },
};

const warmUpMs = 4000;
/** Idle time before a sample: threads of the other side's last run may still spin. */
const pauseMs = 20;
const memorySteps = 3;

export async function prepare({ pairs, threads, values }) {
  const { python, versions } = requirePython('torch', 'numpy');
  const sizes = {
    ...(values.batch && { batchSize: requirePositiveInteger(Number(values.batch), '--batch') }),
    ...(values.depth && { depth: requirePositiveInteger(Number(values.depth), '--depth') }),
  };
  const chosen = values['openblas-coretype'];
  const candidates = chosen ? [requireChoice(chosen, coreTypes, '--openblas-coretype')] : supportedCoreTypes();
  const sides = sidesOf(python, threads);
  return {
    machine: { peer_versions: versions, baseline_peak_bytes: await baselines(sides) },
    measure: (name) => measureCase(configured(name, sizes, threads), sides, candidates, pairs),
  };
}

function configured(name, sizes, threads) {
  const { optimizerOptions, ...config } = cases[name];
  return {
    config: { network: name, precision: 32, seed: 1, provider: 'cpu', ...config, ...sizes },
    optimizerOptions,
    threads,
    learningRate,
  };
}

/** How the processes of either side are started. */
function sidesOf(python, threads) {
  const script = (name) => fileURLToPath(new URL(`./step/${name}`, import.meta.url));
  return {
    ours: () => new Resident(process.execPath, [script('session.mjs')]),
    peer: (coreType) =>
      new Resident(python, [script('peer.py')], {
        OMP_NUM_THREADS: String(threads),
        OPENBLAS_NUM_THREADS: String(threads),
        OPENBLAS_CORETYPE: coreType === 'none' ? null : coreType,
      }),
  };
}

async function measureCase(job, sides, candidates, pairs) {
  const ours = sides.ours();
  const residents = [ours];
  try {
    const creation = await ours.ask({ open: job });
    const { parameters } = await ours.ask({ parameters: job.config });
    const { coreType, peer, ...theirs } = await fastestPeer(job, sides, candidates, residents);
    if (parameters !== theirs.parameters) {
      throw new Error(`PyTorch's network has ${theirs.parameters} parameters, ours ${parameters}: not the same work.`);
    }
    const timing = await timeSteps(ours, peer, pairs);
    await Promise.all(residents.map((resident) => resident.end()));
    const memory = await comparePeaks(job, sides, coreType);
    return {
      ...timing,
      memory,
      creation,
      openblas_coretype: coreType,
      parameters,
      config: job.config,
      notes: notesOnOthers(timing.foreign_cpu_cores),
      columns: [
        ['memory', memory.ratio.toFixed(3)],
        ['ours', megabytes(memory.ours)],
        ['peer', megabytes(memory.peer)],
        ['create', `${(creation.createMs / 1000).toFixed(2)} s`],
        ['OpenBLAS', coreType],
      ],
    };
  } finally {
    await Promise.all(residents.map((resident) => resident.end()));
  }
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** Times steps in alternating pairs; on either side a sample is the slope between two numbers of steps. */
async function timeSteps(ours, peer, pairs) {
  const stepMs = Math.max(await warmUp(ours), await warmUp(peer));
  const [short, long] = tripCounts(stepMs, 0);
  const slopeOf = (side) => async (pair) => {
    await pause(pauseMs);
    const shortFirst = pair % 4 < 2;
    const { ms: firstMs } = await side.ask({ run: shortFirst ? short : long });
    const { ms: secondMs } = await side.ask({ run: shortFirst ? long : short });
    return ((shortFirst ? 1 : -1) * (secondMs - firstMs)) / (long - short);
  };
  const meter = new ForeignCpuMeter(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000 + ours.cpuMs() + peer.cpuMs();
  });
  const before = meter.read();
  const samples = await alternatingPairs(pairs, slopeOf(ours), slopeOf(peer));
  return {
    ...summarisePairs(samples, 'ms'),
    steps_per_sample: long - short,
    foreign_cpu_cores: foreignCores(before, meter.read()),
  };
}

/** Runs single steps until their time is flat; returns it, ms. */
async function warmUp(side) {
  const rule = new WarmUpRule(warmUpMs);
  const samplesMs = [];
  const begin = performance.now();
  for (;;) {
    const { ms } = await side.ask({ run: 1 });
    samplesMs.push(ms);
    if (rule.add(ms, performance.now() - begin) !== null) return median(samplesMs.slice(-4));
  }
}

/** A peer with the kernels of OpenBLAS that are fastest for this case: all candidates run steps in turn. */
async function fastestPeer(job, sides, candidates, residents) {
  const peers = [];
  for (const coreType of candidates) {
    const peer = sides.peer(coreType);
    residents.push(peer);
    const { parameters } = await peer.ask({ open: job });
    peers.push({ coreType, peer, parameters, samplesMs: [] });
  }
  if (peers.length > 1) {
    for (const { peer } of peers) await peer.ask({ run: 2 });
    for (let round = 0; round < 3; round++) {
      for (const { peer, samplesMs } of peers) samplesMs.push((await peer.ask({ run: 1 })).ms);
    }
    peers.sort((a, b) => Math.min(...a.samplesMs) - Math.min(...b.samplesMs));
  }
  const [fastest, ...slower] = peers;
  await Promise.all(slower.map(({ peer }) => peer.end()));
  return fastest;
}

/** Largest resident memory of fresh processes that run a few steps and nothing else. */
async function comparePeaks(job, sides, coreType) {
  const peakOf = async (resident) => {
    try {
      await resident.ask({ open: job });
      await resident.ask({ run: memorySteps });
      return (await resident.ask({ peak: true })).peakBytes;
    } finally {
      await resident.end();
    }
  };
  const [ours, peer] = [await peakOf(sides.ours()), await peakOf(sides.peer(coreType))];
  return { ratio: ours / peer, ours, peer, unit: 'bytes' };
}

/** The same of processes that load the runtime and do nothing. */
async function baselines(sides) {
  const loaded = async (resident) => {
    const { peakBytes } = await resident.ask({ load: true });
    await resident.end();
    return peakBytes;
  };
  return { ours: await loaded(sides.ours()), peer: await loaded(sides.peer('none')) };
}
