/** The part of fontkit 2 that we use (it ships no types). */
declare module 'fontkit' {
  export interface GlyphRun {
    /** font units */
    readonly advanceWidth: number;
  }

  export interface Font {
    readonly unitsPerEm: number;
    layout(text: string): GlyphRun;
    hasGlyphForCodePoint(codePoint: number): boolean;
  }

  export function openSync(file: string): Font;
}
