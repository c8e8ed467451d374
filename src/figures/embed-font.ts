import type { FontStyle } from './fonts.js';
import { webFont } from './web-font.js';

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** The SVG with the glyphs that it shows, as @font-face rules of the family `Tinos`. */
export function embedFont(svg: string): string {
  const used: Record<FontStyle, Set<string>> = { regular: new Set(), italic: new Set() };
  for (const [, attributes, content] of svg.matchAll(/<text\b([^>]*)>(.*?)<\/text>/gs)) {
    const style = attributes!.includes('font-style="italic"') ? 'italic' : 'regular';
    for (const character of plain(content!)) used[style].add(character);
  }
  const rules = (['regular', 'italic'] as const)
    .filter((style) => used[style].size > 0)
    .map((style) => fontFace(style, used[style]));
  return svg.replace(/(<svg\b[^>]*>)/, (opening) => `${opening}<style>${rules.join('')}</style>`);
}

const plain = (content: string): string =>
  content.replace(/<[^>]*>/g, '').replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity]!);

function fontFace(style: FontStyle, characters: ReadonlySet<string>): string {
  const data = webFont(style, characters).toString('base64');
  const fontStyle = style === 'italic' ? 'italic' : 'normal';
  return `@font-face{font-family:Tinos;font-style:${fontStyle};src:url(data:font/woff;base64,${data})}`;
}
