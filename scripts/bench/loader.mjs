// Loader: time per image and worker, ours against PyTorch's DataLoader with PIL, from files in the page cache.
import { fileURLToPath } from 'node:url';
import { median } from '../../dist/base/statistics.js';
import { datasetEntry } from '../../dist/data/catalogue.js';
import { ForeignCpuMeter, foreignCores } from '../../dist/measure/foreign-cpu.js';
import { alternatingPairs, summarisePairs } from './lib/pairs.mjs';
import { requirePython } from './lib/python.mjs';
import { Resident } from './lib/resident.mjs';
import { batchSize, cases, prefetch } from './loader/cases.mjs';
import { makeFiles } from './loader/files.mjs';

export const summary = "Image loader: time per image and worker, ours against PyTorch's DataLoader with PIL.";
export const caseNames = Object.keys(cases);
export const options = {
  images: { type: 'string', help: 'a folder of JPEG files instead of the made ones of 500 x 375' },
};

/** Of a sample. */
const sampleMs = 1000;
const comparedImages = 8;
/** Levels of 255 that both sides may be apart where they do the same. */
const levelTolerance = 0.01;

export async function prepare({ pairs, values }) {
  const { python, versions } = requirePython('torch', 'numpy', 'PIL');
  const files = await makeFiles(values.images);
  return {
    machine: {
      peer_versions: versions,
      file_bytes: { large: files.large.meanBytes, small: files.small.meanBytes },
      batch_size: batchSize,
      prefetch,
    },
    measure: (name) => measureCase(cases[name], files, python, pairs),
  };
}

async function measureCase({ files: which, size, draft, workers }, files, python, pairs) {
  const script = (name) => fileURLToPath(new URL(`./loader/${name}`, import.meta.url));
  const ours = new Resident(process.execPath, [script('session.mjs')]);
  const peer = new Resident(python, ['-B', script('peer.py')]);
  try {
    const { paths } = files[which];
    const job = { paths, size, workers, batchSize, prefetch };
    await Promise.all([ours.ask({ open: job }), peer.ask({ open: { ...job, draft } })]);
    const levels = await meanDistance(ours, peer, paths);
    const isSameWork = which === 'small' || draft;
    if (isSameWork && levels > levelTolerance) {
      throw new Error(`The numbers of an image are ${levels} levels of 255 apart on average: not the same work.`);
    }
    const timing = await timeBatches(ours, peer, workers, pairs);
    return {
      ...timing,
      levels_apart: levels,
      notes: notesOn(timing),
      columns: [
        ['images/s', perSecond(timing.ours)],
        ['peer', perSecond(timing.peer)],
        ['levels apart', levels.toFixed(2)],
      ],
    };
  } finally {
    await Promise.all([ours.end(), peer.end()]);
  }
}

const perSecond = (microseconds) => (1e6 / microseconds).toFixed(0);

/** Samples are the time of a batch per image and worker, with queues that are as full before as after. */
async function timeBatches(ours, peer, workers, pairs) {
  const perSample = new Map([
    [ours, await batchesOf(ours, workers)],
    [peer, await batchesOf(peer, workers)],
  ]);
  const take = (side) => async () => {
    const batches = perSample.get(side);
    // What was prepared while the other side ran is not this sample's work.
    await side.ask({ run: 2 * workers * prefetch });
    const { ms } = await side.ask({ run: batches });
    return (1000 * ms * workers) / (batches * batchSize);
  };
  const meter = new ForeignCpuMeter(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000 + ours.cpuMs() + peer.cpuMs();
  });
  const before = meter.read();
  const samples = await alternatingPairs(pairs, take(ours), take(peer));
  return { ...summarisePairs(samples, 'µs'), foreign_cpu_cores: foreignCores(before, meter.read()) };
}

/** Batches that take about as long as a sample shall. */
async function batchesOf(side, workers) {
  await side.ask({ run: 4 * workers * prefetch });
  const trial = 4 * workers;
  const times = [];
  for (let i = 0; i < 3; i++) times.push((await side.ask({ run: trial })).ms);
  return Math.max(trial, Math.round((trial * sampleMs) / median(times)));
}

/** How far the numbers of some images are apart on average, in levels of 255. */
async function meanDistance(ours, peer, paths) {
  const { deviation } = datasetEntry('TinyImageNet').normalisation;
  let [sum, count] = [0, 0];
  for (const image of paths.slice(0, comparedImages)) {
    const [a, b] = [numbersOf(await ours.ask({ image })), numbersOf(await peer.ask({ image }))];
    for (let i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]) * deviation[Math.floor((3 * i) / a.length)] * 255;
    }
    count += a.length;
  }
  return sum / count;
}

function numbersOf({ numbers }) {
  const bytes = Buffer.from(numbers, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function notesOn({ foreign_cpu_cores: cores }) {
  return cores === null || cores < 0.1
    ? []
    : [`other processes used ${cores.toFixed(2)} CPU cores meanwhile: repeat it when the machine is idle`];
}
