import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../base/package.js';
import type { PublishedValues } from '../figures/index.js';

/** The paper's numbers, which the package ships. */
export function readPublishedValues(): PublishedValues {
  const file = path.join(packageRoot, 'models', 'published', 'orion-icpe-2026.json');
  return JSON.parse(readFileSync(file, 'utf8')) as PublishedValues;
}
