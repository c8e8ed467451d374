import path from 'node:path';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage, noteDamage } from '../damage.js';
import { blocksOf, fileBytes } from '../files.js';
import { RecordStore } from '../record-store.js';
import { type StoredSamples, sharedLabels } from '../training-set.js';

/** Height and width of an image. */
export const stl10Size = 96;
const plane = stl10Size * stl10Size;
export const stl10ImageBytes = 3 * plane;
export const stl10Files = { images: 'train_X.bin', labels: 'train_y.bin' } as const;

/**
 * Binary version of STL-10 (https://cs.stanford.edu/~acoates/stl10/): `train_X.bin` holds an image after the other, each
 * as red, green and blue plane stored column by column; `train_y.bin` a byte from 1 to 10 for each.
 */
export function readStl10(entry: DatasetEntry, folder: string): StoredSamples {
  const [images, classes] = [path.join(folder, stl10Files.images), path.join(folder, stl10Files.labels)];
  const imageBytes = fileBytes(images);
  const bytes = imageBytes + fileBytes(classes);

  const store = new RecordStore(imageBytes);
  const labels: number[] = [];
  const damage = noDamage();
  const classOf = blocksOf(classes, 1);
  let start = 0;
  for (const image of blocksOf(images, stl10ImageBytes)) {
    const label = classOf.next().value?.[0];
    if (image.length < stl10ImageBytes) {
      noteDamage(damage, `${images} is cut ${image.length} bytes into its last image of ${stl10ImageBytes} bytes`);
    } else if (label === undefined) {
      noteDamage(damage, `${classes} ends before ${images}, whose further images have no label`);
    } else if (label < 1 || label > entry.classes!) {
      noteDamage(damage, `${classes} has label ${label}, of 1 to ${entry.classes}`);
    } else {
      labels.push(label - 1);
      store.add(image, { file: 0, start });
    }
    start += image.length;
  }
  const lone = [...classOf].length;
  if (lone > 0) noteDamage(damage, `${images} ends before ${classes}`, lone);
  const content = store.finish([images, classes]);
  return { samples: store.samples, labels: sharedLabels(labels), content, bytes, damage };
}

/** Planes stored column by column to planes stored row by row, or back. */
export function transposePlanes(from: Uint8Array): Uint8Array {
  const to = new Uint8Array(stl10ImageBytes);
  for (let start = 0; start < stl10ImageBytes; start += plane) {
    for (let row = 0; row < stl10Size; row++) {
      for (let column = 0; column < stl10Size; column++) {
        to[start + row * stl10Size + column] = from[start + column * stl10Size + row]!;
      }
    }
  }
  return to;
}
