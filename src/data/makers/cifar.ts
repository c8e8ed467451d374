import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { cifarLayouts, cifarPixelBytes } from '../formats/cifar.js';
import { planes } from '../pixels.js';
import type { MakerRequest } from './maker.js';
import { randomPicture } from './picture.js';

// Superclasses of CIFAR-100, its coarse labels.
const coarseClasses = 20;

export async function makeCifar({ entry, folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const { files, labelBytes } = cifarLayouts[entry.format as keyof typeof cifarLayouts];
  const recordBytes = labelBytes + cifarPixelBytes;
  let made = 0;
  files.forEach((name, part) => {
    const share = Math.floor(samples / files.length) + (part < samples % files.length ? 1 : 0);
    const content = new Uint8Array(share * recordBytes);
    for (let record = 0; record < share; record++) {
      const label = random.interval(entry.classes! - 1);
      const pixels = record * recordBytes + labelBytes;
      if (labelBytes === 2) content[pixels - 2] = label % coarseClasses;
      content[pixels - 1] = label;
      content.set(planes(randomPicture(random, 32)), pixels);
      onSample(++made);
    }
    if (share > 0) writeFileSync(path.join(folder, name), content);
  });
}
