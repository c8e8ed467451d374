import path from 'node:path';
import { messageOf } from '../../base/errors.js';
import { noDamage, noteDamage } from '../damage.js';
import { fileBytes, namesIn } from '../files.js';
import { type StoredSamples, sharedLabels } from '../training-set.js';

/** Collects the samples of a set that has a file for each. */
export class SampleFiles {
  readonly #paths: string[] = [];
  readonly #labels: number[] = [];
  readonly #damage = noDamage();
  #bytes = 0;

  /** Takes the files of a folder whose name fits, in the order of their names. Empty ones are damaged. */
  add(folder: string, fitting: RegExp, label: number): void {
    for (const name of namesIn(folder)) {
      if (!fitting.test(name)) continue;
      const file = path.join(folder, name);
      try {
        const bytes = fileBytes(file);
        if (bytes === 0) throw new Error(`${file} is empty`);
        this.#bytes += bytes;
        this.#paths.push(file);
        this.#labels.push(label);
      } catch (error) {
        noteDamage(this.#damage, messageOf(error));
      }
    }
  }

  finish(): StoredSamples {
    return {
      samples: this.#paths.length,
      labels: sharedLabels(this.#labels),
      content: { stored: 'files', paths: this.#paths },
      bytes: this.#bytes,
      damage: this.#damage,
    };
  }
}
