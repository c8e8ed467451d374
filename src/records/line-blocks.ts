import type { CsvContents, CsvRecord } from './csv.js';
import { CsvScanner } from './csv-scanner.js';
import { encodingOf, openRegular, TextMaker, unreadable } from './text-file.js';

/** The files are not what blocks of lines can be read of by themselves; whoever reads them in order learns why. */
export class NotInBlocks extends Error {}

const lineFeed = 0x0a;
/** Longer strings cost the garbage collector more. */
const textBytes = 2 ** 16;

/**
 * A regular file in UTF-8 as blocks of whole lines, each in memory of its own; only the last may lack its line end. A cell
 * in quotes may hold a line end, so that a block may end within a record: `recordsOfBlock` notices.
 * Throws NotInBlocks for another encoding or a line longer than a block; InputError as `textOf`.
 */
export async function* lineBlocksOf(file: string, blockBytes: number): AsyncGenerator<Uint8Array> {
  const handle = await openRegular(file);
  try {
    let rest = new Uint8Array(0);
    for (let isFirst = true; ; isFirst = false) {
      const block = new Uint8Array(blockBytes);
      block.set(rest);
      const { bytesRead } = await handle.read(block, rest.length, blockBytes - rest.length, null);
      const filled = rest.length + bytesRead;
      if (isFirst && encodingOf(block.subarray(0, filled)) !== 'utf-8') throw new NotInBlocks('not UTF-8');
      if (bytesRead === 0) {
        if (filled > 0) yield block.subarray(0, filled);
        return;
      }
      const end = block.lastIndexOf(lineFeed, filled - 1) + 1;
      if (end === 0 && filled === blockBytes) throw new NotInBlocks('a line is longer than a block');
      rest = block.slice(end, filled);
      if (end > 0) yield block.subarray(0, end);
    }
  } catch (error) {
    throw error instanceof NotInBlocks ? error : unreadable(file, error);
  } finally {
    await handle.close();
  }
}

/**
 * The records of a block, piece by piece; their line numbers count from its beginning.
 * Throws NotInBlocks or CsvDefect where it does not consist of whole records with one cell per column.
 * @param header names of the columns @param isFirst whether the block begins with the header
 */
export function* recordsOfBlock(block: Uint8Array, header: string[], isFirst: boolean): Generator<CsvContents> {
  const maker = new TextMaker(new Uint8Array(0));
  const scanner = new CsvScanner();
  let headerIsDue = isFirst;
  const take = (scanned: Iterable<CsvRecord>): CsvContents => {
    const records: CsvRecord[] = [];
    for (const record of scanned) {
      if (record.cells.length !== header.length) throw new NotInBlocks('a record of another length');
      if (headerIsDue) headerIsDue = false;
      else records.push(record);
    }
    return { header, headerLine: 1, records };
  };
  for (let start = 0; start < block.length; start += textBytes) {
    const text = maker.push(block.subarray(start, start + textBytes));
    yield take(scanner.push(isFirst && start === 0 && text.startsWith('\ufeff') ? text.slice(1) : text));
  }
  yield take(scanner.push(maker.end()));
  // An open quote is a defect here.
  yield take(scanner.end());
}
