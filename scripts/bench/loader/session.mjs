// Our side of the loader bench: answers {"open": {paths, size, workers, batchSize, prefetch}}, {"run": batches} and
// {"image": path} on stdin, one JSON line each.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { messageOf } from '../../../dist/base/errors.js';
import { datasetEntry } from '../../../dist/data/catalogue.js';
import { sampleDecoder } from '../../../dist/data/decode.js';
import { sharedLabels } from '../../../dist/data/training-set.js';
import { BatchQueue } from '../../../dist/measure/loader/batch-queue.js';
import { LoaderPool } from '../../../dist/measure/loader/pool.js';

const pool = new LoaderPool();
let set;
let shape;
let queue;

async function open({ paths, size, workers, batchSize, prefetch }) {
  set = {
    entry: datasetEntry('TinyImageNet'),
    samples: paths.length,
    labels: sharedLabels(paths.map((_, index) => index)),
    content: { stored: 'files', paths },
  };
  shape = { kind: 'image', shape: [3, size, size] };
  const run = await pool.start({ set, shape, batchSize, workers, prefetch, storage: 'NVME', seed: 1 });
  queue = new BatchQueue(run.end);
  return {};
}

/** The time that `batches` take, ms. */
function take(batches) {
  const begin = performance.now();
  for (let batch = 0; batch < batches; batch++) queue.giveBack(queue.next());
  return { ms: performance.now() - begin };
}

/** The numbers of one image, as base64 of float32. */
async function image(file) {
  const decoder = sampleDecoder(set, shape);
  const inputs = new ArrayBuffer(decoder.elements * 4);
  await decoder.decode(readFileSync(file), inputs, 0, new ArrayBuffer(0));
  return { numbers: Buffer.from(inputs).toString('base64') };
}

async function answer(request) {
  if (request.open) return open(request.open);
  return request.run ? take(request.run) : image(request.image);
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(JSON.parse(line)).catch((error) => ({ error: messageOf(error) }));
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
await pool.close();
