import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { packageRoot } from '#src/base/package.js';
import { importGpu } from '#src/pipeline/gpu.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { writeReport } from '#src/pipeline/report.js';

// Made up, with round numbers: no GPU ran it.
const fixture = path.join(packageRoot, 'test/fixtures/gpu/suite.json');

t.test('the report shows rates with their units, and which answers were wrong; samples stay in the file', async (t) => {
  const out = new OutputFolder(t.testdir({}));
  await importGpu(out, fixture);
  const page = readFileSync((await writeReport(out)).file, 'utf8').replaceAll(/<[^>]*>/g, '|');
  const shown = (label: string, value: string) =>
    t.match(page, new RegExp(`\\|${label}\\|[|\\s]*\\|${value}\\|`), `${label}: ${value}`);
  shown('memory gb per s copy', '920 GB/s');
  shown('fma gflop per s fp32', '19 TFLOP/s');
  shown('atomics g per s same address', '2,000,000,000 /s');
  shown('launch latency', '6 µs');
  shown('latency dram', '500 ns');
  t.match(page, /wrong answer: off by 0\.5, and 0\.001 is allowed/);
  t.notMatch(page, /samples ns/i);
});

t.test('a gpu.json of an earlier version is shown as it is', async (t) => {
  const folder = t.testdir({});
  writeFileSync(path.join(folder, 'gpu.json'), '{"device": {"name": "An old one"}, "measurements": []}');
  t.match(readFileSync((await writeReport(new OutputFolder(folder))).file, 'utf8'), /An old one/);
});
