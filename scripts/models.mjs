#!/usr/bin/env node
// Writes the default training graph of every network, and its description, to models/graphs/.
// usage: node scripts/models.mjs [FOLDER]   after `npm run build`; FOLDER in place of models/
// The same sources give the same bytes: a test compares what is there with what this script would write.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportGraphs, OutputFolder } from '../dist/index.js';

const models = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'models');
const out = new OutputFolder(process.argv[2] ?? models);
for (const { files, description } of exportGraphs(out, 'graphs', ['all'])) {
  console.log(`${files[0]}: ${description.node_count} nodes, ${description.model.bytes} bytes`);
}
