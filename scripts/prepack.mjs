#!/usr/bin/env node
// Puts the addon that was built here into the package: npm does not run install scripts of dependencies, so a prebuilt
// binary is the only one that its users get.
// usage: npm pack (runs this)
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const addon = path.join(root, 'build', 'Release', 'orion.node');
if (!existsSync(addon)) {
  console.error("orion-bench: there is no built addon to pack; run 'npm run build' first.");
  process.exit(1);
}
const folder = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`);
mkdirSync(folder, { recursive: true });
cpSync(addon, path.join(folder, 'orion.node'));
