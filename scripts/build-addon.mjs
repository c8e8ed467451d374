#!/usr/bin/env node
// Builds the addon, build/Release/orion.node: with CMake (CUDA where nvcc is found), else the CPU part with node-gyp.
// usage: node scripts/build-addon.mjs [--strict] [--verbose]
//   --strict   exit 1 if nothing could be built (so does CI=...); without it an install goes on and says what is left out
//   --verbose  show the tools' output also when they succeed
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const addonFile = path.join(root, 'build', 'Release', 'orion.node');
const require = createRequire(import.meta.url);
const strict = process.argv.includes('--strict') || Boolean(process.env.CI);
const verbose = process.argv.includes('--verbose');
const jobs = String(os.availableParallelism());

/** Path of a module's file, or null where the module is not installed. */
function resolved(name) {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

const works = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** CMakeLists.txt reads JSON, which older ones cannot. */
function cmakeIsRecent() {
  const said = spawnSync('cmake', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(said) ?? [0, 0, 0];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 19);
}

/** Runs a Node script, keeping its output; returns { ok, output }. */
function runScript(script, ...args) {
  const done = spawnSync(process.execPath, [script, ...args], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  const output = `${done.stdout ?? ''}${done.stderr ?? ''}`;
  if (verbose) process.stdout.write(output);
  return { ok: done.status === 0, output };
}

function buildWithCmake(cmakeJs) {
  // A compiler newer than ours may know new warnings: they fail a developer's build, not an installation.
  const warnings = existsSync(path.join(root, '.git')) ? 'ON' : 'OFF';
  const configure = ['configure', '--log-level', 'warn', `--CDORION_WARNINGS_ARE_ERRORS=${warnings}`];
  let configured = runScript(cmakeJs, ...configure);
  if (!configured.ok) {
    // The cache of an earlier configuration may name tools that are gone: once more, from nothing.
    rmSync(path.join(root, 'build'), { recursive: true, force: true });
    configured = runScript(cmakeJs, ...configure);
  }
  return configured.ok ? runScript(cmakeJs, 'build', '--log-level', 'warn', '--parallel', jobs) : configured;
}

function buildWithNodeGyp(nodeGyp) {
  const prefix = path.join(path.dirname(process.execPath), '..');
  const headers = existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
  return runScript(nodeGyp, 'rebuild', '--loglevel', 'warn', '--jobs', jobs, ...headers);
}

/** Loads the new addon in a process of its own; returns its `build` object or the reason why it does not load. */
function probe() {
  const script = `process.stdout.write(JSON.stringify(require(${JSON.stringify(addonFile)}).build))`;
  const done = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return done.status === 0 ? { build: JSON.parse(done.stdout), reason: null } : { build: null, reason: done.stderr };
}

/** Says what is left out, once; an addon of older sources must not pass for a new one. */
function giveUp(reason) {
  rmSync(addonFile, { force: true });
  console.log(
    `orion-bench: the native addon was not built (${reason}). Left out: host, storage and GPU measurements and the ` +
      'booster. To get it, install cmake and a C++17 compiler (Debian: apt install cmake g++) and run `npm run build`.',
  );
  process.exit(strict ? 1 : 0);
}

function buildHow() {
  const cmakeJs = resolved('cmake-js/bin/cmake-js');
  if (cmakeJs && cmakeIsRecent()) return { tool: 'cmake', ...buildWithCmake(cmakeJs) };
  const nodeGyp = resolved('node-gyp/bin/node-gyp.js');
  if (nodeGyp && works('make') && works('g++')) return { tool: 'node-gyp', ...buildWithNodeGyp(nodeGyp) };
  if (!cmakeJs && !nodeGyp) return giveUp('neither cmake-js nor node-gyp is installed: they are development tools');
  return giveUp('neither cmake 3.19 or newer nor make and g++ were found');
}

const done = buildHow();
if (!done.ok) {
  process.stdout.write(verbose ? '' : done.output);
  giveUp(`${done.tool} failed: see its output above`);
}
const { build, reason } = probe();
if (!build) {
  process.stdout.write(reason);
  giveUp('it was compiled, but does not load: see above');
}
const withoutCuda = {
  cmake: 'built without CUDA: nvcc not found; for the GPU kernels put nvcc on the PATH and run `npm run build`',
  'node-gyp':
    'built without CUDA, by node-gyp: cmake 3.19 or newer not found; for the GPU kernels install it and nvcc and run `npm run build`',
};
console.log(
  `orion-bench: native addon ${build.cuda ? `built with CUDA for sm_${build.cudaArchitectures.join(', sm_')}` : withoutCuda[done.tool]}`,
);
