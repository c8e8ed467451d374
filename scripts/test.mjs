#!/usr/bin/env node
// The whole test run: format and lint, types, C++ tests (ctest), TypeScript tests (tap); ends with the totals.
// usage: npm test [-- FILTER]   FILTER: substring of test file names; only tap tests then
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTestFiles } from './test-files.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const filter = process.argv[2];
const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

function step(name, command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const ok = done.status === 0;
  totals[ok ? 'passed' : 'failed']++;
  if (!ok) failures.push(name);
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name}`);
  return ok;
}

function lineStep(name, command, args, onLine) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      lines.forEach(onLine);
    });
    child.on('close', (code) => {
      if (rest) onLine(rest);
      if (code !== 0) failures.push(name);
      resolve(code === 0);
    });
  });
}

/** Versions of clang-format differ in details: only the one that the sources were formatted with can judge them. */
function formatOfCpp() {
  const wanted = 14;
  const found = /version (\d+)/.exec(spawnSync('clang-format', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
  if (Number(found) !== wanted) {
    totals.skipped++;
    console.log(`skipped: format of C++ (needs clang-format ${wanted}, found ${found ?? 'none'})`);
    return;
  }
  const sources = ['native', 'test/native'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  );
  const files = sources.filter((file) => /\.(cc|h|cu|cuh)$/.test(file));
  step('format of C++ (clang-format)', 'clang-format', ['--dry-run', '-Werror', ...files]);
}

if (!filter) {
  step('format and lint (biome)', bin('biome'), ['check', '.']);
  formatOfCpp();
  if (!step('build', process.execPath, ['scripts/build.mjs'])) process.exit(1);
}
rmSync(path.join(root, 'dist-test'), { recursive: true, force: true });
if (!step('types of the tests', bin('tsc'), ['-p', 'test'])) process.exit(1);

if (!filter) {
  if (spawnSync('cmake', ['--version']).status === 0 && existsSync(path.join(root, 'scripts', 'test-native.mjs'))) {
    await lineStep('C++ tests', process.execPath, ['scripts/test-native.mjs'], (line) => {
      console.log(line);
      const outcome = /^\s*\d+\/\d+ Test +#\d+:.*?(Passed|Skipped|Failed|Not Run|Timeout|Exception)/.exec(line)?.[1];
      if (outcome) totals[outcome === 'Passed' ? 'passed' : outcome === 'Skipped' ? 'skipped' : 'failed']++;
    });
  } else {
    totals.skipped++;
    console.log('skipped: C++ tests (no cmake)');
  }
}

const testFiles = readdirSync(path.join(root, 'dist-test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js') && (!filter || file.includes(filter)))
  .map((file) => path.join('dist-test', file));
if (testFiles.length === 0) {
  console.error(`no test file has '${filter}' in its name`);
  process.exit(2);
}
for await (const { file, seconds, points, complaint } of runTestFiles(root, testFiles)) {
  for (const { outcome, line } of points) {
    totals[outcome]++;
    if (outcome !== 'passed') console.log(line);
  }
  console.log(`${complaint ? 'FAILED' : 'ok'}: ${file} (${seconds.toFixed(1)} s)`);
  if (!complaint) continue;
  console.log(`${file} ${complaint}`);
  failures.push(file);
}

if (totals.failed === 0 && failures.length > 0) totals.failed = failures.length;
for (const name of failures) console.log(`failed: ${name}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 ? 1 : 0);
