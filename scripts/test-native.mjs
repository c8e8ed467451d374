#!/usr/bin/env node
// C++ tests of the engines, without Node: builds and runs them with ctest, one line per test. They link with the engines of
// the addon's build, build/, where CMake made that; else, and for sanitizers, with their own in build-native.../, without CUDA.
// usage: node scripts/test-native.mjs [FILTER] [--sanitize | --sanitize-threads]
//   FILTER      regular expression on test names, e.g. timing
//   --sanitize          address and undefined-behaviour sanitizers, in build-native-sanitize/
//   --sanitize-threads  thread sanitizer, in build-native-sanitize-threads/
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const sanitizers = { '--sanitize': 'address,undefined', '--sanitize-threads': 'thread' };
const sanitize = Object.keys(sanitizers).find((option) => process.argv.includes(option));
const filter = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const ofAddon = path.join(root, 'build');
const withAddon = !sanitize && existsSync(path.join(ofAddon, 'CMakeCache.txt'));
const folder = withAddon ? ofAddon : path.join(root, `build-native${sanitize?.slice(1) ?? ''}`);
const jobs = String(os.availableParallelism());

/** Runs a tool; prints its output only if it fails, and then ends with its exit code. */
function quietly(command, ...args) {
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status === 0) return;
  process.stdout.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
  console.log(`failed: ${[command, ...args].join(' ')}`);
  process.exit(done.status ?? 1);
}

if (!withAddon) {
  const hasNinja = spawnSync('ninja', ['--version'], { stdio: 'ignore' }).status === 0;
  const generator = hasNinja ? 'Ninja' : 'Unix Makefiles';
  const settings = ['-DORION_CUDA=OFF', `-DORION_SANITIZE=${sanitizers[sanitize] ?? ''}`];
  quietly('cmake', '-S', root, '-B', folder, '-G', generator, ...settings);
}
quietly('cmake', '--build', folder, '--target', 'native_tests', '--parallel', jobs);

const chosen = filter ? ['-R', filter] : [];
const done = spawnSync('ctest', ['--output-on-failure', '--parallel', jobs, '--no-tests=error', ...chosen], {
  cwd: folder,
  encoding: 'utf8',
});
const lines = `${done.stdout}${done.stderr}`.split('\n').filter((line) => !/^\s+Start +\d+:/.test(line));
process.stdout.write(lines.join('\n'));
// ctest keeps the reasons of skipped tests to itself, in its log.
const log = readFileSync(path.join(folder, 'Testing', 'Temporary', 'LastTest.log'), 'utf8');
for (const [, name, reason] of log.matchAll(/Test: (\S+)\n.*\n.*\n.*\nOutput:\n-+\nskipped: (.*)/g)) {
  console.log(`skipped: ${name}: ${reason}`);
}
process.exit(done.status ?? 1);
