import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { native, nativeStatus } from '#src/base/native.js';
import { packageRoot } from '#src/base/package.js';
import { MersenneTwister } from '#src/base/random.js';
import { sampleDecoder } from '#src/data/decode.js';
import { encodeJpeg, randomPicture } from '#src/data/makers/picture.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { sharpImage } from '#src/data/sharp-image.js';
import { pythonWith, runPython } from '../support/python.js';

const { reason: noAddon } = nativeStatus();
const { python, skip: noPython } = pythonWith('PIL', 'numpy');

/** Files of 45 x 37 pixels by cjpeg of libjpeg-turbo 2.1.5, each with the options that its name says. */
const fixtures = path.join(packageRoot, 'test', 'fixtures', 'jpeg');

/** Every value as it is. */
const levels = Float32Array.from({ length: 3 * 256 }, (_, index) => index % 256);

/** [3, height, width] as the addon prepares a file. */
function prepared(file: string, height: number, width: number): Uint8Array {
  const target = new Float32Array(3 * height * width);
  const isRead = native('The test').image.preparer({ width, height, levels }).jpeg(readFileSync(file), target, 0);
  if (!isRead) throw new Error(`${file} is not read by the addon`);
  return Uint8Array.from(target);
}

/**
 * The same by PIL, as one uses it to load images fast: `draft` decodes at a reduced size, `resize` does the rest from the part
 * that shows the picture.
 */
const pilScript = `import sys, numpy
from PIL import Image
for job in sys.stdin.read().splitlines():
    height, width, path = job.split(' ', 2)
    image = Image.open(path)
    size = (int(width), int(height))
    whole = image.size
    image.draft(image.mode, size)
    scale = next(s for s in (8, 4, 2, 1) if min(whole[0] // size[0], whole[1] // size[1]) >= s or s == 1)
    image = image.convert('RGB')
    if image.size != size or scale > 1:
        image = image.resize(size, Image.BILINEAR, box=(0, 0, whole[0] / scale, whole[1] / scale))
    print(numpy.asarray(image).transpose(2, 0, 1).tobytes().hex())`;

t.test('pixels of JPEG files of every kind and size are those of PIL', { skip: noAddon ?? noPython }, async (t) => {
  const folder = t.testdir();
  const photograph = path.join(folder, 'photograph.jpg');
  writeFileSync(photograph, await encodeJpeg(randomPicture(new MersenneTwister(2), 300), 300, 90));
  const files = [...readdirSync(fixtures).map((name) => path.join(fixtures, name)), photograph];
  t.equal(files.length, 18);
  // As it is, enlarged, reduced by less than two, and to 1/2, 1/4 and 1/8 or less.
  const sizes = [
    [37, 45],
    [64, 64],
    [30, 40],
    [18, 22],
    [9, 11],
    [4, 3],
    [1, 1],
  ];
  const jobs = files.flatMap((file) => sizes.map(([height, width]) => ({ file, height: height!, width: width! })));
  const input = jobs.map(({ file, height, width }) => `${height} ${width} ${file}`).join('\n');
  const expected = runPython(python!, pilScript, [], input).trim().split('\n');
  for (const [index, { file, height, width }] of jobs.entries()) {
    const same = Buffer.from(expected[index]!, 'hex').equals(prepared(file, height, width));
    t.ok(same, `${path.basename(file)} at ${height} x ${width}: bit for bit`);
  }
});

t.test(
  'without the addon, sharp gives the same pixels, and nearly the same where it resizes',
  { skip: noAddon ?? false },
  async (t) => {
    for (const name of ['420', '444', 'progressive-420', 'grey']) {
      const file = path.join(fixtures, `${name}.jpg`);
      const distance = async (height: number, width: number) => {
        const planes = prepared(file, height, width);
        const pixels = await sharpImage(readFileSync(file), [3, height, width]);
        const plane = height * width;
        const apart = Float64Array.from(planes, (value, i) =>
          Math.abs(value - pixels[(i % plane) * 3 + Math.floor(i / plane)]!),
        );
        return { worst: Math.max(...apart), mean: apart.reduce((sum, value) => sum + value, 0) / apart.length };
      };
      t.match(await distance(37, 45), { worst: 0 }, `${name} as it is`);
      const reduced = await distance(18, 22);
      t.ok(reduced.mean < 3, `${name} at half the size: ${reduced.mean} levels apart on average`);
    }
  },
);

t.test('a decoder writes normalised planes of its sample, and nothing beside it', async (t) => {
  const root = t.testdir();
  await prepareDatasets(root, { samples: 2, datasets: ['TinyImageNet'] });
  const set = openTrainingSet(root, 'TinyImageNet');
  const decoder = sampleDecoder(set, { kind: 'image', shape: [3, 64, 64] });
  const inputs = new ArrayBuffer(3 * decoder.elements * 4);
  new Float32Array(inputs).fill(7);
  await decoder.decode(readFileSync(set.content.paths[1]!), inputs, 1, new ArrayBuffer(0));
  const numbers = new Float32Array(inputs);
  const { mean, deviation } = set.entry.normalisation!;
  const pixels = await sharpImage(readFileSync(set.content.paths[1]!), [3, 64, 64]);
  const expected = numbers.map((_, index) => {
    const at = index - decoder.elements;
    if (at < 0 || at >= decoder.elements) return 7;
    const channel = Math.floor(at / 4096);
    return (pixels[(at % 4096) * 3 + channel]! / 255 - mean[channel]!) / deviation[channel]!;
  });
  t.same(numbers, expected);
});
