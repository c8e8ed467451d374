import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { MersenneTwister } from '../../base/random.js';
import { stl10Files, stl10Size, transposePlanes } from '../formats/stl10.js';
import { planes } from '../pixels.js';
import type { MakerRequest } from './maker.js';
import { randomPicture } from './picture.js';

const classNames = ['airplane', 'bird', 'car', 'cat', 'deer', 'dog', 'horse', 'monkey', 'ship', 'truck'];

export async function makeStl10({ entry, folder, samples, seed, onSample }: MakerRequest): Promise<void> {
  const random = new MersenneTwister(seed);
  const labels = new Uint8Array(samples);
  const images = openSync(path.join(folder, stl10Files.images), 'w');
  try {
    for (let sample = 0; sample < samples; sample++) {
      labels[sample] = 1 + random.interval(entry.classes! - 1);
      writeSync(images, transposePlanes(planes(randomPicture(random, stl10Size))));
      onSample(sample + 1);
    }
  } finally {
    closeSync(images);
  }
  writeFileSync(path.join(folder, stl10Files.labels), labels);
  writeFileSync(path.join(folder, 'class_names.txt'), `${classNames.join('\n')}\n`);
}
