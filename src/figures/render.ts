import { Resvg } from '@resvg/resvg-js';
import PDFDocument from 'pdfkit';
import SVGtoPDF from 'svg-to-pdfkit';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { embedFont } from './embed-font.js';
import { fontFiles } from './fonts.js';
import { withResolution } from './png.js';
import { textWidth } from './text.js';

export type FigureFormat = 'svg' | 'png' | 'pdf';

export interface RenderedFigure {
  /** A document of its own, the glyphs it shows embedded; width and height in points. */
  svg?: string;
  /** 300 dots per inch. */
  png?: Buffer;
  /** Vector graphics, the font embedded as a subset. The same bytes for the same specification. */
  pdf?: Buffer;
}

const dotsPerInch = 300;
const pointsPerInch = 72;

/** Draws a specification. Text is measured and drawn with the shipped fonts only. */
export async function renderFigure(spec: TopLevelSpec, formats: readonly FigureFormat[]): Promise<RenderedFigure> {
  const svg = await toSvg(spec);
  const rendered: RenderedFigure = {};
  if (formats.includes('svg')) rendered.svg = embedFont(svg);
  if (formats.includes('png')) rendered.png = toPng(svg);
  if (formats.includes('pdf')) rendered.pdf = await toPdf(svg);
  return rendered;
}

/** A view that has run, for its scene graph or its SVG; finalize it after use. */
export async function layOut(spec: TopLevelSpec): Promise<vega.View> {
  measureWithShippedFonts();
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  await view.runAsync();
  return view;
}

interface TextItem {
  fontSize?: number;
  fontStyle?: string;
}

/** Exported by vega, but missing from its types. */
const { textMetrics } = vega as unknown as { textMetrics: { width(item: TextItem, text: unknown): number } };

/** Vega has no canvas here and would guess widths by the number of characters. */
function measureWithShippedFonts(): void {
  textMetrics.width = (item, text) =>
    textWidth(String(text ?? '').trim(), item.fontSize ?? 11, item.fontStyle === 'italic' ? 'italic' : 'regular');
}

async function toSvg(spec: TopLevelSpec): Promise<string> {
  const view = await layOut(spec);
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function toPng(svg: string): Buffer {
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: dotsPerInch / pointsPerInch },
    font: { loadSystemFonts: false, fontFiles: Object.values(fontFiles), defaultFontFamily: 'Tinos' },
  }).render();
  return withResolution(Buffer.from(image.asPng()), dotsPerInch);
}

function toPdf(svg: string): Promise<Buffer> {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number) as [number, number, number];
  const document = new PDFDocument({ size: [width, height], margin: 0, info: { CreationDate: new Date(0) } });
  for (const [style, file] of Object.entries(fontFiles)) document.registerFont(style, file);
  const chunks: Buffer[] = [];
  const finished = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  SVGtoPDF(document, svg, 0, 0, {
    width,
    height,
    assumePt: true,
    fontCallback: (_family, _bold, italic) => (italic ? 'italic' : 'regular'),
  });
  document.end();
  return finished;
}
