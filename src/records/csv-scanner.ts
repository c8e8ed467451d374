import { PlainLines } from './plain-lines.js';

/** One record of a CSV file, its cells as text. */
export interface CsvRecord {
  /** Line of the file that the record starts on; the first is 1. */
  line: number;
  cells: string[];
}

const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && /^[ \t]*$/.test(cells[0]!);

/** What keeps a text from being CSV, and where. Whoever knows the names of file and columns makes the sentence. */
export class CsvDefect extends Error {
  constructor(
    readonly line: number,
    /** Place of the cell in its record, from 0. */
    readonly cell: number,
    problem: string,
  ) {
    super(problem);
  }
}

/** Characters. One of our records has 1,500; without a limit an open quote would take in the rest of the file. */
export const longestRecord = 2 ** 20;

/** What matters to the grammar, and what no text holds; all else is content. */
const specials = /[,"\r\n\0\ufffd]/g;

/**
 * CSV as RFC 4180 has it and as Python's csv and pandas read it: cells in quotes may hold commas, line ends and doubled
 * quotes; a quote inside a cell without quotes is a character like any other; lines end in LF, CRLF or CR; blank lines
 * are left out. Fed piece by piece: it keeps one record, of limited length. Lines in which nothing is unusual, nearly all of
 * a large file, are cut whole.
 */
export class CsvScanner {
  #state: 'start of cell' | 'plain' | 'quoted' | 'after quotes' = 'start of cell';
  #cell = '';
  #cells: string[] = [];
  #line = 1;
  #recordLine = 1;
  #recordLength = 0;
  #quoteLine = 1;
  #afterReturn = false;

  /** The records that end in this piece. Throws CsvDefect where it comes to one. */
  *push(text: string): Generator<CsvRecord> {
    const lines = new PlainLines(text, longestRecord);
    let position = 0;
    while (position < text.length) {
      const plain = this.#isBetweenRecords() ? lines.at(position) : null;
      if (plain) {
        position = plain.next;
        const line = this.#line++;
        this.#recordLine = this.#line;
        if (!isBlank(plain.cells)) yield { line, cells: plain.cells };
        continue;
      }
      specials.lastIndex = position;
      const index = specials.exec(text)?.index ?? text.length;
      this.#content(text.slice(position, index));
      position = index + 1;
      const record = index < text.length ? this.#special(text[index]!) : null;
      if (record) yield record;
    }
  }

  #isBetweenRecords(): boolean {
    return this.#state === 'start of cell' && this.#recordLength === 0 && !this.#afterReturn;
  }

  /** The last record, where the text does not end with a line end. Throws CsvDefect. */
  *end(): Generator<CsvRecord> {
    if (this.#state === 'quoted')
      this.#fail('the quote that opens here is not closed before the file ends', this.#quoteLine);
    const record = this.#endRecord();
    if (record) yield record;
  }

  #content(text: string): void {
    if (text === '') return;
    if (this.#state === 'after quotes') {
      this.#fail('text follows a closing quote; end the cell there, or double the quotes that belong to its text');
    }
    if (this.#state === 'start of cell') this.#state = 'plain';
    this.#afterReturn = false;
    this.#cell += text;
    this.#lengthen(text.length);
  }

  #special(special: string): CsvRecord | null {
    const secondOfCrlf = special === '\n' && this.#afterReturn;
    this.#afterReturn = special === '\r';
    this.#lengthen(1);
    if (special === '\0') this.#fail('a NUL character; the file is damaged, or is not text');
    if (special === '\ufffd') this.#fail('a character that is not valid text; save the file as UTF-8');
    if ((special === '\n' && !secondOfCrlf) || special === '\r') this.#line++;

    if (this.#state === 'quoted') {
      if (special === '"') this.#state = 'after quotes';
      else this.#cell += special;
    } else if (special === '"') this.#quote();
    else if (special === ',') this.#endCell();
    else if (secondOfCrlf) this.#recordLength = 0;
    else return this.#endRecord();
    return null;
  }

  #quote(): void {
    if (this.#state === 'start of cell') {
      this.#state = 'quoted';
      this.#quoteLine = this.#line;
      return;
    }
    this.#cell += '"';
    if (this.#state === 'after quotes') this.#state = 'quoted';
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'start of cell';
  }

  /** The record, or null for a blank line. */
  #endRecord(): CsvRecord | null {
    const quoted = this.#state === 'after quotes';
    this.#endCell();
    const record = { line: this.#recordLine, cells: this.#cells };
    this.#cells = [];
    this.#recordLine = this.#line;
    this.#recordLength = 0;
    return !quoted && isBlank(record.cells) ? null : record;
  }

  #lengthen(characters: number): void {
    this.#recordLength += characters;
    if (this.#recordLength <= longestRecord) return;
    const limit = `${longestRecord.toLocaleString('en-US')} characters`;
    if (this.#state === 'quoted') {
      this.#fail(`the quote that opens here is not closed within ${limit}`, this.#quoteLine);
    }
    this.#fail(`the record is longer than ${limit}; end every record with a line end`, this.#recordLine);
  }

  #fail(problem: string, line = this.#line): never {
    throw new CsvDefect(line, this.#cells.length, problem);
  }
}
