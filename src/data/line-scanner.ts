import { closeSync, openSync, readSync } from 'node:fs';
import { reading } from './files.js';

const chunkBytes = 4 << 20;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** Finds the lines of a file (LF or CRLF) one after the other, without making an object for each. */
export class LineScanner {
  readonly #file: string;
  readonly #descriptor: number;
  #chunk = Buffer.allocUnsafe(chunkBytes);
  #filled = this.#chunk.subarray(0, 0);
  /** Byte of the file at which the chunk begins. */
  #chunkStart = 0;
  #next = 0;
  #ended = false;
  #from = 0;
  #to = 0;
  #number = 0;

  constructor(file: string) {
    this.#file = file;
    this.#descriptor = reading(file, () => openSync(file, 'r'));
  }

  /** Goes to the next line; false, and the file is closed, where there is none. */
  advance(): boolean {
    let end = this.#filled.indexOf(newline, this.#next);
    while (end < 0 && this.#refill()) end = this.#filled.indexOf(newline, this.#next);
    if (end < 0 && this.#next === this.#filled.length) return false;
    const after = end < 0 ? this.#filled.length : end + 1;
    this.#from = this.#next;
    this.#to = end < 0 ? after : end;
    if (this.#to > this.#from && this.#filled[this.#to - 1] === carriageReturn) this.#to--;
    this.#next = after;
    this.#number++;
    return true;
  }

  /** Of the line, from 1. */
  get number(): number {
    return this.#number;
  }

  /** Byte of the file at which the line begins. */
  get start(): number {
    return this.#chunkStart + this.#from;
  }

  /** Bytes of the line, without its end. */
  get length(): number {
    return this.#to - this.#from;
  }

  /** The line without its end; valid until the next one. */
  get bytes(): Buffer {
    return this.#filled.subarray(this.#from, this.#to);
  }

  /** Nothing but white space of ASCII. */
  get isBlank(): boolean {
    for (let at = this.#from; at < this.#to; at++) if (this.#filled[at]! > space) return false;
    return true;
  }

  close(): void {
    if (!this.#ended) closeSync(this.#descriptor);
    this.#ended = true;
  }

  /** Reads on behind what is left of the chunk. False at the end of the file. */
  #refill(): boolean {
    if (this.#ended) return false;
    const held = this.#filled.length - this.#next;
    this.#chunkStart += this.#next;
    this.#chunk.copyWithin(0, this.#next, this.#filled.length);
    this.#next = 0;
    if (held === this.#chunk.length) this.#chunk = Buffer.concat([this.#chunk], 2 * held);
    const read = reading(this.#file, () =>
      readSync(this.#descriptor, this.#chunk, held, this.#chunk.length - held, null),
    );
    this.#filled = this.#chunk.subarray(0, held + read);
    if (read === 0) this.close();
    return read > 0;
  }
}
