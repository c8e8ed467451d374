import { parentPort } from 'node:worker_threads';
import { datasetEntry } from '../data/catalogue.js';
import type { ImageShape } from '../data/decode.js';
import { encodedImageDecoder } from '../data/decode-image.js';
import { answerCommands, threadSource } from './commands.js';

/** A thread that decodes images again and again, as a loader worker does. */
export interface DecodeCommand {
  images: Uint8Array[];
  shape: ImageShape;
  durationMs: number;
}

export interface Decoded {
  images: number;
  elapsedMs: number;
}

answerCommands<DecodeCommand>(threadSource(parentPort!), async ({ images, shape, durationMs }): Promise<Decoded> => {
  const decoder = encodedImageDecoder(datasetEntry('TinyImageNet'), shape);
  const inputs = new ArrayBuffer(4 * decoder.elements);
  const labels = new ArrayBuffer(8 * decoder.labelElements);
  const begin = performance.now();
  let decoded = 0;
  while (performance.now() - begin < durationMs) {
    await decoder.decode(images[decoded++ % images.length]!, inputs, 0, labels);
  }
  return { images: decoded, elapsedMs: performance.now() - begin };
});
