#!/usr/bin/env node
// Makes a record for models/hardware/measured/ of what orion-gpu printed on a machine with a GPU.
// usage: node scripts/measured-gpu.mjs SUITE.json RECORD.json   after `npm run build`
//   SUITE.json  from `orion-gpu --out SUITE.json`; raw samples, several megabytes, stay there: RECORD.json has their statistics
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { importGpu, OutputFolder } from '../dist/index.js';

const [suite, record] = process.argv.slice(2);
const folder = mkdtempSync(path.join(os.tmpdir(), 'measured-gpu-'));
try {
  await importGpu(new OutputFolder(folder), suite);
  const { imported, driver, driver_version, runtime_version, gpus, obtained } = JSON.parse(
    readFileSync(path.join(folder, 'gpu.json'), 'utf8'),
  );
  const withoutSamples = ({ samplesNs, smClockHz, throttled, ...measurement }) => ({
    ...measurement,
    throttledSamples: throttled.length,
    smClockHz: medianOf(smClockHz),
  });
  const shortened = gpus.map((one) => ({ ...one, measurements: one.measurements.map(withoutSamples) }));
  const content = { obtained, imported, driver, driver_version, runtime_version, gpus: shortened };
  writeFileSync(record, `${JSON.stringify(content, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function medianOf(values) {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known.length === 0 ? null : known[Math.floor(known.length / 2)];
}
