const comma = 44;
const quote = 34;

/** Cells of one line, and where the next line begins. */
export interface PlainLine {
  cells: string[];
  next: number;
}

/**
 * Lines of a text in which nothing is unusual, cut at once rather than character by character: each ends in LF or CRLF
 * within the text, its cells are plain or stand in quotes from end to end with no quote inside, and no text holds what is
 * no character. Whoever meets another line reads it by the grammar.
 */
export class PlainLines {
  readonly #text: string;
  readonly #longest: number;
  readonly #damaged: boolean;
  #nextQuote = -1;
  #nextReturn = -1;

  /** @param longest line that is cut, in characters */
  constructor(text: string, longest: number) {
    this.#text = text;
    this.#longest = longest;
    this.#damaged = text.includes('\0') || text.includes('\ufffd');
  }

  /** The line that begins there; null where it is not of that kind. Positions must not fall from call to call. */
  at(start: number): PlainLine | null {
    const text = this.#text;
    const lineEnd = this.#damaged ? -1 : text.indexOf('\n', start);
    if (lineEnd < 0 || lineEnd - start > this.#longest) return null;
    if (this.#nextReturn < start) this.#nextReturn = indexOrEnd(text, '\r', start);
    if (this.#nextReturn < lineEnd - 1) return null;
    const end = Math.min(this.#nextReturn, lineEnd);
    if (this.#nextQuote < start) this.#nextQuote = indexOrEnd(text, '"', start);
    const cells = this.#nextQuote < end ? quotedCells(text, start, end) : text.slice(start, end).split(',');
    return cells && { cells, next: lineEnd + 1 };
  }
}

function indexOrEnd(text: string, character: string, start: number): number {
  const index = text.indexOf(character, start);
  return index < 0 ? text.length : index;
}

/** Cells of a line of which some stand in quotes; null where one does so in an unusual way. */
function quotedCells(text: string, start: number, end: number): string[] | null {
  const cells: string[] = [];
  let position = start;
  for (;;) {
    const inQuotes = text.charCodeAt(position) === quote;
    const from = inQuotes ? position + 1 : position;
    const to = Math.min(indexOrEnd(text, inQuotes ? '"' : ',', from), end);
    const next = inQuotes ? to + 1 : to;
    if (next > end || (next < end && text.charCodeAt(next) !== comma)) return null;
    cells.push(text.slice(from, to));
    // a cell in quotes alone on its line is no blank line, even where it is empty
    if (next === end) return cells.length > 1 ? cells : null;
    position = next + 1;
  }
}
