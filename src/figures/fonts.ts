import { createRequire } from 'node:module';
import path from 'node:path';
import type { Font } from 'fontkit';

/** The shipped fonts: figures never take one from the system. */
export type FontStyle = 'regular' | 'italic';

const require = createRequire(import.meta.url);
const fontFolder = path.dirname(require.resolve('@expo-google-fonts/tinos/package.json'));

/** TrueType files of Tinos (SIL Open Font License). */
export const fontFiles: Record<FontStyle, string> = {
  regular: path.join(fontFolder, '400Regular', 'Tinos_400Regular.ttf'),
  italic: path.join(fontFolder, '400Regular_Italic', 'Tinos_400Regular_Italic.ttf'),
};

const opened = new Map<FontStyle, Font>();

/** The parsed font, for its metrics. The parser is loaded when it is first needed: commands that draw nothing start faster. */
export function font(style: FontStyle): Font {
  const known = opened.get(style);
  if (known) return known;
  const { openSync } = require('fontkit') as typeof import('fontkit');
  const parsed = openSync(fontFiles[style]);
  opened.set(style, parsed);
  return parsed;
}
