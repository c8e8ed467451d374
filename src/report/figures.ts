import { html, Markup } from './html.js';
import type { ReportFigure } from './inputs.js';

/** Figures are drawn for print; on a screen they are shown this much larger. */
const enlargement = 1.5;
/** Points: wider figures take the page's whole width. */
const narrowFigure = 260;

/** A figure inline, described for those who don't see it. */
export function figureMarkup({ name, title, caption, svg }: ReportFigure): Markup {
  const { viewBox, width, drawing } = parts(svg);
  const description = `${title}. ${caption}`;
  return html`<figure id="${name}"${width > narrowFigure ? html` class="wide"` : null}>
<svg role="img" aria-label="${description}" viewBox="${viewBox}" style="width:${Math.round(width * enlargement)}px">${drawing}
<figcaption><strong>${title}.</strong> ${caption}</figcaption>
</figure>
`;
}

/** The SVG without its opening tag: namespaces are not needed within HTML, so the page names no address. */
function parts(svg: string): { viewBox: string; width: number; drawing: Markup } {
  const opening = /<svg\b[^>]*>/.exec(svg);
  const viewBox = opening && /viewBox="([-\d. ]+)"/.exec(opening[0])?.[1];
  if (!opening || !viewBox) throw new TypeError('figure: not an SVG document with a viewBox');
  const drawing = new Markup(svg.slice(opening.index + opening[0].length));
  return { viewBox, width: Number(viewBox.split(' ')[2]), drawing };
}
