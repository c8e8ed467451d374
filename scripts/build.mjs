#!/usr/bin/env node
// Builds what a fresh clone lacks: dist/ (TypeScript) and build/Release/orion.node (the addon).
// usage: node scripts/build.mjs [--force]
// npm runs it as `prepare`, also when npx links the package: a build that is up to date must cost next to nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const force = process.argv.includes('--force');

/** Digest of names, sizes and contents below the given files and folders. */
function digest(...places) {
  const hash = createHash('sha256').update(process.version);
  const visit = (place) => {
    const full = path.join(root, place);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) visit(path.join(place, name));
    } else hash.update(place).update(readFileSync(full));
  };
  places.forEach(visit);
  return hash.digest('hex');
}

/** Runs `work` unless the stamp beside its result says that it was made from the same sources. */
function whenChanged(result, sources, work) {
  const stamp = path.join(root, path.dirname(result), `.${path.basename(result)}.stamp`);
  const now = digest(...sources);
  const made = existsSync(path.join(root, result)) && existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (!force && made === now) return true;
  if (!work()) return false;
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

const run = (...command) =>
  spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;

const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const main = 'dist/cli/bin.cjs';
if (!existsSync(compiler) && existsSync(path.join(root, main))) {
  process.exit(0); // an installed package: dist/ and prebuilds/ came with it
}

const typescriptBuilt = whenChanged(main, ['src', 'tsconfig.json', 'package.json'], () => {
  const ok = run(compiler, '-b', ...(force ? ['--force'] : []));
  if (ok) chmodSync(path.join(root, main), 0o755);
  return ok;
});
if (!typescriptBuilt) process.exit(1);

whenChanged(
  'build/Release/orion.node',
  ['native', 'CMakeLists.txt', 'binding.gyp', 'scripts/build-addon.mjs'],
  () => run(path.join('scripts', 'build-addon.mjs')), // says itself what it left out and why
);
