// Runs test files of tap, each in a process of its own, some at a time. Not by `tap run`: that has every process which a
// test starts report to it, and so takes nearly twice the CPU time.
import { spawn } from 'node:child_process';
import os from 'node:os';

/** More than CPUs, since some tests wait; fewer than would disturb those that compare speeds. */
const atOnce = os.availableParallelism() + 1;
const fileLimitS = 600;

/** Those that take longest come first, longest first, so that none of them runs alone at the end. */
const longest = [
  'networks/webgpu',
  'pipeline/kills',
  'measure/trials',
  'measure/vulkan',
  'evaluate/parity',
  'cli/cli',
  'cli/generate',
  'networks/densenet121',
  'pipeline/pipeline',
  'networks/half',
  'graph/webgpu',
  'measure/networks',
  'networks/transformer',
  'networks/resnet50',
  'networks/inference',
  'pipeline/full-disk',
  'networks/mobilenetv2',
  'networks/vit',
];

function rank(file) {
  const place = longest.findIndex((name) => file.endsWith(`${name}.test.js`));
  return place < 0 ? longest.length : place;
}

/** Yields what each file said as it ends: `{ file, seconds, points, complaint }`, points as `pointsOf` has them. */
export async function* runTestFiles(root, files) {
  const waiting = [...files].sort((a, b) => rank(a) - rank(b));
  const running = new Map();
  while (waiting.length > 0 || running.size > 0) {
    while (waiting.length > 0 && running.size < atOnce) {
      const file = waiting.shift();
      running.set(file, runFile(root, file));
    }
    const ended = await Promise.race(running.values());
    running.delete(ended.file);
    yield ended;
  }
}

function runFile(root, file) {
  const begin = performance.now();
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { ...process.env, TAP_TIMEOUT: String(fileLimitS) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // tap ends a file at its limit by itself, unless a test blocks it.
    timeout: 1100 * fileLimitS,
    killSignal: 'SIGKILL',
  });
  const said = [];
  const hear = (chunk) => said.push(chunk);
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const text = Buffer.concat(said).toString();
      const points = pointsOf(text);
      const hasPassed = code === 0 && points.every(({ outcome }) => outcome !== 'failed');
      const planned = Number(/^1\.\.(\d+)/m.exec(text)?.[1] ?? 0);
      const isComplete = points.length > 0 && points.length === planned;
      const ending = `ended with ${signal ?? code} after ${points.length} of ${planned || 'an unknown number of'} tests`;
      const complaint = hasPassed && isComplete ? null : `${ending}:\n${withoutPassed(text)}`;
      resolve({ file, seconds: (performance.now() - begin) / 1000, points, complaint });
    });
  });
}

/** The tests of a file: TAP's points that are in no other. */
function pointsOf(text) {
  return [...text.matchAll(/^(not ok|ok) \d+ - (.*)$/gm)].map(([line, verdict, name]) => {
    const isSkipped = /# (SKIP|TODO)/i.test(name);
    return { line, outcome: isSkipped ? 'skipped' : verdict === 'ok' ? 'passed' : 'failed' };
  });
}

const withoutPassed = (text) =>
  text
    .split('\n')
    .filter((line) => !/^\s*(ok \d|# Subtest|1\.\.|$)/.test(line))
    .join('\n');
