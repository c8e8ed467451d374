import { closeSync, openSync, writeSync } from 'node:fs';

/** Text waits in memory for so many characters before it is written. */
const bufferedCharacters = 1 << 20;

/** Writes a text file line by line; the whole need not fit into a string. */
export class LineWriter {
  readonly #descriptor: number;
  #pending: string[] = [];
  #characters = 0;

  constructor(file: string) {
    this.#descriptor = openSync(file, 'w');
  }

  write(line: string): void {
    this.#pending.push(line, '\n');
    this.#characters += line.length;
    if (this.#characters >= bufferedCharacters) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending.join(''));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
    this.#pending = [];
    this.#characters = 0;
  }
}
