import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { transposePlanes } from '#src/data/formats/stl10.js';
import { openTrainingSet } from '#src/data/open.js';
import { memoryRecord, type TrainingSet } from '#src/data/training-set.js';
import { pythonWith, runPython } from '../support/python.js';

const imageBytes = 3 * 96 * 96;

/** Two images whose bytes tell their places, labels 10 and 1. */
function twoImages(root: string): { images: string; labels: string } {
  const [images, labels] = ['train_X.bin', 'train_y.bin'].map((name) => path.join(root, 'stl10_binary', name));
  writeFileSync(
    images!,
    Uint8Array.from({ length: 2 * imageBytes }, (_, i) => (i * 31 + (i >> 8)) % 251),
  );
  writeFileSync(labels!, Uint8Array.of(10, 1));
  return { images: images!, labels: labels! };
}

/** Row by row. */
function pixels({ content }: TrainingSet, sample: number): Uint8Array {
  if (content.stored !== 'memory') throw new Error('STL-10 is held in memory');
  return transposePlanes(memoryRecord(content, sample));
}

t.test('images stored column by column, labels from 1', async (t) => {
  const root = t.testdir({ stl10_binary: {} });
  const { images } = twoImages(root);
  const set = openTrainingSet(root, 'STL10');
  t.equal(set.samples, 2);
  t.equal(set.bytes, 2 * imageBytes + 2);
  t.same([...set.labels!], [9, 0]);
  t.same(set.damage, { count: 0, first: null });
  const stored = readFileSync(images);
  // Second image, green, row 5, column 90: column-major in the file, row-major in the set.
  t.equal(pixels(set, 1)[9216 + 5 * 96 + 90], stored[imageBytes + 9216 + 90 * 96 + 5]);

  const { python, skip } = pythonWith('numpy');
  await t.test('as numpy reads them', { skip }, async (t) => {
    // The reading that the data set's page gives for Matlab, in numpy: torchvision has the same.
    const script = `import sys, numpy
x = numpy.fromfile(sys.argv[1], dtype=numpy.uint8).reshape(-1, 3, 96, 96).transpose(0, 1, 3, 2)
print(x.tobytes().hex())`;
    const expected = Buffer.from(runPython(python!, script, [images]).trim(), 'hex');
    t.ok(Buffer.concat([pixels(set, 0), pixels(set, 1)]).equals(expected));
  });
});

t.test('a cut file, a label too few, too many or out of range', async (t) => {
  const root = t.testdir({ stl10_binary: {} });
  const { images, labels } = twoImages(root);
  truncateSync(images, 2 * imageBytes - 7);
  t.match(openTrainingSet(root, 'STL10'), {
    samples: 1,
    damage: { count: 1, first: `${images} is cut 27641 bytes into its last image of 27648 bytes` },
  });
  twoImages(root);
  writeFileSync(labels, Uint8Array.of(11, 4));
  const foreign = openTrainingSet(root, 'STL10');
  t.match(foreign.damage, { count: 1, first: `${labels} has label 11, of 1 to 10` });
  t.same([...foreign.labels!], [3]);
  t.equal(pixels(foreign, 0)[0], readFileSync(images)[imageBytes], 'the image that belongs to the label');
  truncateSync(labels, 0);
  t.throws(() => openTrainingSet(root, 'STL10'), { name: 'InputError', message: /holds no whole training sample/ });
  twoImages(root);
  appendFileSync(labels, Uint8Array.of(2, 3));
  t.match(openTrainingSet(root, 'STL10'), {
    samples: 2,
    damage: { count: 2, first: `${images} ends before ${labels}` },
  });
});
