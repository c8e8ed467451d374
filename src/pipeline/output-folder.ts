import { accessSync, constants, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InputError, messageOf } from '../base/errors.js';
import type { ResultHeader } from '../base/provenance.js';

/** The folder that results go to: made where it is missing, checked before anything is measured. */
export class OutputFolder {
  readonly path: string;

  /**
   * @param readOnly nothing will be written: the folder is taken as it is
   * @throws InputError where the folder cannot be made or written
   */
  constructor(folder: string, readOnly = false) {
    this.path = folder;
    if (readOnly) return;
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw new InputError(
        `--out ${folder}: results cannot be written there (${messageOf(error)}); name another folder.`,
        {
          cause: error,
        },
      );
    }
  }

  /** A folder with results, which must be there. */
  static existing(folder: string, option: string, readOnly = false): OutputFolder {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new InputError(`${option} ${folder}: there is no such folder.`);
    }
    return new OutputFolder(folder, readOnly);
  }

  file(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  /** Writes a file whole or not at all: to a temporary name, then renamed. */
  write(name: string, content: string | Buffer): string {
    const file = this.file(name);
    mkdirSync(path.dirname(file), { recursive: true });
    try {
      writeFileSync(`${file}.tmp`, content);
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      throw new InputError(`${file} could not be written: ${messageOf(error)}.`, { cause: error, code: 'IO' });
    }
    return file;
  }

  /** Writes a result document: the header's block first. */
  writeJson(name: string, header: ResultHeader, result: object): string {
    return this.write(name, `${JSON.stringify({ ...header, ...result }, jsonCell, 2)}\n`);
  }

  /** A result document written earlier; null where there is none. */
  readJson<T>(name: string): T | null {
    let text: string;
    try {
      text = readFileSync(this.file(name), 'utf8');
    } catch {
      return null;
    }
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new InputError(`${this.file(name)} is not valid JSON (${messageOf(error)}): remove it or measure again.`, {
        cause: error,
      });
    }
  }
}

/** Typed arrays as arrays, big integers as numbers: what JSON.stringify leaves out or spells as objects. */
export function jsonCell(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return Array.from(value as unknown as Iterable<number>);
  return typeof value === 'bigint' ? Number(value) : value;
}
