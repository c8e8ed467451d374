import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { type FontStyle, font, fontFiles } from './fonts.js';

/**
 * Subsets of the shipped fonts as WOFF 1.0 (W3C Recommendation, 2012), so that an SVG looks the same where Tinos is
 * not installed.
 */
type Tables = Map<string, Buffer>;

/** The characters' glyphs in one font. */
export function webFont(style: FontStyle, characters: Iterable<string>): Buffer {
  const face = font(style);
  const subset = face.createSubset();
  const codePoints = [...new Set([...characters].map((character) => character.codePointAt(0)!))];
  const glyphOf = new Map<number, number>();
  for (const codePoint of codePoints.sort((a, b) => a - b)) {
    if (face.hasGlyphForCodePoint(codePoint)) {
      glyphOf.set(codePoint, subset.includeGlyph(face.glyphForCodePoint(codePoint)));
    }
  }
  const tables = tablesOf(Buffer.from(subset.encode()));
  const original = tablesOf(readFileSync(fontFiles[style]));
  tables.set('cmap', characterMap(glyphOf));
  tables.set('OS/2', original.get('OS/2')!);
  tables.set('name', emptyNames());
  tables.set('post', withoutGlyphNames(original.get('post')!));
  return woff(tables);
}

/** Tables of a TrueType file by tag (OpenType, "Table directory"). */
function tablesOf(file: Buffer): Tables {
  const tables: Tables = new Map();
  const count = file.readUInt16BE(4);
  for (let index = 0; index < count; index++) {
    const entry = 12 + 16 * index;
    const offset = file.readUInt32BE(entry + 8);
    tables.set(
      file.toString('latin1', entry, entry + 4),
      file.subarray(offset, offset + file.readUInt32BE(entry + 12)),
    );
  }
  return tables;
}

/** cmap with one subtable of format 12 (platform 3, encoding 10), a group per character; keys rise. */
function characterMap(glyphOf: ReadonlyMap<number, number>): Buffer {
  const subtableBytes = 16 + 12 * glyphOf.size;
  const table = Buffer.alloc(12 + subtableBytes);
  table.writeUInt16BE(1, 2);
  table.writeUInt16BE(3, 4);
  table.writeUInt16BE(10, 6);
  table.writeUInt32BE(12, 8);
  table.writeUInt16BE(12, 12);
  table.writeUInt32BE(subtableBytes, 16);
  table.writeUInt32BE(glyphOf.size, 24);
  let offset = 28;
  for (const [codePoint, glyph] of glyphOf) {
    table.writeUInt32BE(codePoint, offset);
    table.writeUInt32BE(codePoint, offset + 4);
    table.writeUInt32BE(glyph, offset + 8);
    offset += 12;
  }
  return table;
}

/** name, format 0, without records. */
function emptyNames(): Buffer {
  const table = Buffer.alloc(6);
  table.writeUInt16BE(6, 4);
  return table;
}

/** post, version 3.0. */
function withoutGlyphNames(post: Buffer): Buffer {
  const table = Buffer.from(post.subarray(0, 32));
  table.writeUInt32BE(0x00030000, 0);
  return table;
}

function woff(tables: Tables): Buffer {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const header = Buffer.alloc(44);
  const directory = Buffer.alloc(20 * sorted.length);
  const bodies: Buffer[] = [];
  let offset = header.length + directory.length;
  let sfntBytes = 12 + 16 * sorted.length;
  sorted.forEach(([tag, table], index) => {
    const deflated = deflateSync(table, { level: 9 });
    const body = deflated.length < table.length ? deflated : table;
    const entry = 20 * index;
    directory.write(tag, entry, 'latin1');
    directory.writeUInt32BE(offset, entry + 4);
    directory.writeUInt32BE(body.length, entry + 8);
    directory.writeUInt32BE(table.length, entry + 12);
    directory.writeUInt32BE(checksum(table), entry + 16);
    bodies.push(padded(body));
    offset += bodies.at(-1)!.length;
    sfntBytes += padded(table).length;
  });
  header.write('wOFF', 0, 'latin1');
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(offset, 8);
  header.writeUInt16BE(sorted.length, 12);
  header.writeUInt32BE(sfntBytes, 16);
  header.writeUInt16BE(1, 20);
  return Buffer.concat([header, directory, ...bodies]);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

/** Sum of the table's 32-bit words. */
function checksum(table: Buffer): number {
  const words = padded(table);
  let sum = 0;
  for (let offset = 0; offset < words.length; offset += 4) sum = (sum + words.readUInt32BE(offset)) >>> 0;
  return sum;
}
