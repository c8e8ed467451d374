/** The part of fontkit 2 that we use (it ships no types). */
declare module 'fontkit' {
  export interface GlyphRun {
    /** font units */
    readonly advanceWidth: number;
  }

  export interface Glyph {
    readonly id: number;
  }

  export interface Subset {
    /** Returns the glyph's number in the subset. */
    includeGlyph(glyph: Glyph): number;
    /** TrueType tables for a PDF: without cmap, OS/2, name and post. */
    encode(): Uint8Array;
  }

  export interface Font {
    readonly unitsPerEm: number;
    layout(text: string): GlyphRun;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
    createSubset(): Subset;
  }

  export function openSync(file: string): Font;
}
