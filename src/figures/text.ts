import { type FontStyle, font } from './fonts.js';

/** Advance widths in em by style and text: shaping is slow, and layouts measure the same names again and again. */
const advances = new Map<string, number>();

/** Width of one line in the unit of `size`, from the font's own advance widths and kerning. */
export function textWidth(text: string, size: number, style: FontStyle = 'regular'): number {
  const key = `${style} ${text}`;
  let advance = advances.get(key);
  if (advance === undefined) {
    const face = font(style);
    advance = face.layout(text).advanceWidth / face.unitsPerEm;
    advances.set(key, advance);
  }
  return advance * size;
}

/** Widest of several lines. */
export function linesWidth(lines: readonly string[], size: number, style: FontStyle = 'regular'): number {
  return Math.max(0, ...lines.map((line) => textWidth(line, size, style)));
}

/** The text as the shipped font can draw it: control characters become spaces, characters without a glyph '?'. */
export function drawable(text: string): string {
  const face = font('regular');
  const characters = [
    ...text
      .replace(/\p{C}+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ];
  return characters
    .map((character) => (face.hasGlyphForCodePoint(character.codePointAt(0)!) ? character : '?'))
    .join('');
}

/**
 * Places where a name may break: after a separator, and before the next word of `ConvNeXtV2` or the number of
 * `densenet121`.
 */
function pieces(text: string): string[] {
  return text.split(/(?<=[-_/ .])|(?<=[a-z])(?=[A-Z]|\d{2})/).filter((piece) => piece !== '');
}

/** Longest beginning of `text` that is at most `width` wide; at least one character. */
function beginning(text: string, width: number, size: number, style: FontStyle): string {
  const characters = [...text];
  let count = characters.length;
  while (count > 1 && textWidth(characters.slice(0, count).join(''), size, style) > width) count--;
  return characters.slice(0, count).join('');
}

/**
 * Breaks a text into lines of at most `width`: at separators where it can, inside a word where it must. What
 * does not fit into `maximumLines` ends in an ellipsis.
 */
export function wrap(
  text: string,
  width: number,
  size: number,
  options: { style?: FontStyle; maximumLines?: number } = {},
): string[] {
  const { style = 'regular', maximumLines = Number.POSITIVE_INFINITY } = options;
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text)) {
    let rest = piece;
    if (line !== '' && textWidth((line + rest).trimEnd(), size, style) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    while (line === '' && textWidth(rest.trimEnd(), size, style) > width && [...rest].length > 1) {
      const head = beginning(rest, width, size, style);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line += rest;
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd());
  if (lines.length <= maximumLines) return lines;
  const last = `${lines[maximumLines - 1]!}…`;
  const cut =
    textWidth(last, size, style) <= width
      ? last
      : `${beginning(last, width - textWidth('…', size, style), size, style)}…`;
  return [...lines.slice(0, maximumLines - 1), cut];
}
