// The files that both sides load.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { InputError } from '../../../dist/base/errors.js';
import { MersenneTwister } from '../../../dist/base/random.js';
import { encodeJpeg, randomPicture } from '../../../dist/data/makers/picture.js';

const count = 256;
/** Grain of a sensor, in levels of 255: with it files have the size of photographs (ImageNet: 110 kB on average). */
const grain = 12;

/** Folders of large and small JPEG files, which are removed at the end of the process. `given` stands for the large ones. */
export async function makeFiles(given) {
  const root = mkdtempSync(path.join(os.tmpdir(), 'orion-bench-loader-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  const random = new MersenneTwister(1);
  const small = await fill(path.join(root, 'small'), () => encodeJpeg(randomPicture(random, 64), 64, 93));
  const large = given ? listed(given) : await fill(path.join(root, 'large'), () => photograph(random));
  return { small, large };
}

async function fill(folder, makeFile) {
  mkdirSync(folder);
  for (let i = 0; i < count; i++)
    writeFileSync(path.join(folder, `${String(i).padStart(4, '0')}.jpg`), await makeFile());
  return listed(folder);
}

function listed(folder) {
  const paths = readdirSync(folder)
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort()
    .map((name) => path.join(path.resolve(folder), name));
  if (paths.length === 0) throw new InputError(`${folder} holds no JPEG files: name a folder that does.`);
  return { paths, meanBytes: paths.reduce((sum, file) => sum + statSync(file).size, 0) / paths.length };
}

/** 500 x 375 pixels with grain. */
async function photograph(random) {
  const [width, height] = [500, 375];
  const pixels = randomPicture(random, width).subarray(0, 3 * width * height);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = Math.max(0, Math.min(255, pixels[i] + random.interval(2 * grain) - grain));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
