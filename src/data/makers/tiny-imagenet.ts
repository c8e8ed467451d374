import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import type { MakerRequest } from './maker.js';
import { encodeJpeg, randomPicture } from './picture.js';

// Gives about 2 kB a picture, the mean of TinyImageNet's files.
const jpegQuality = 93;

export async function makeTinyImageNet({ entry, folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const wnids = Array.from({ length: entry.classes! }, (_, index) => `n${String(90_000_000 + index)}`);
  writeFileSync(path.join(folder, 'wnids.txt'), `${wnids.join('\n')}\n`);
  const imageFolders = wnids.map((wnid) => path.join(folder, 'train', wnid, 'images'));
  for (const images of imageFolders) mkdirSync(images, { recursive: true });

  const size = entry.shape![1];
  for (let sample = 0; sample < samples; sample++) {
    const label = sample % wnids.length;
    const name = `${wnids[label]}_${Math.floor(sample / wnids.length)}.JPEG`;
    const jpeg = await encodeJpeg(randomPicture(random, size), size, jpegQuality);
    writeFileSync(path.join(imageFolders[label]!, name), jpeg);
    onSample(sample + 1);
  }
}
