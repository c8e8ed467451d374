import { readFileSync } from 'node:fs';
import t from 'tap';
import { sampleDecoder } from '#src/data/decode.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { pythonWith, runPython } from '../support/python.js';

const shape = [3, 64, 64] as const;

t.test('pixels of JPEG files are those that PIL decodes', async (t) => {
  const root = t.testdir();
  await prepareDatasets(root, { samples: 5, datasets: ['TinyImageNet'] });
  const set = openTrainingSet(root, 'TinyImageNet');
  const { python, skip } = pythonWith('PIL', 'numpy');
  await t.test('five pictures', { skip }, async (t) => {
    const script = `import sys, numpy
from PIL import Image
planes = [numpy.asarray(Image.open(path).convert('RGB')).transpose(2, 0, 1) for path in sys.argv[1:]]
print(numpy.stack(planes).tobytes().hex())`;
    const expected = Buffer.from(runPython(python!, script, [...set.content.paths]).trim(), 'hex');
    const decoder = sampleDecoder(set, { kind: 'image', shape });
    const inputs = new ArrayBuffer(set.samples * decoder.elements * 4);
    for (const [slot, file] of set.content.paths.entries()) {
      await decoder.decode(readFileSync(file), inputs, slot, new ArrayBuffer(0));
    }
    const { mean, deviation } = set.entry.normalisation!;
    const levels = new Float32Array(inputs).map((value, index) => {
      const channel = Math.floor(index / 4096) % 3;
      return (value * deviation[channel]! + mean[channel]!) * 255;
    });
    // Two decoders of the same standard may round an inverse transform differently, by one of 255 levels.
    const worst = levels.reduce((most, level, index) => Math.max(most, Math.abs(level - expected[index]!)), 0);
    t.ok(worst < 1.01, `at most ${worst} levels apart`);
  });
});
