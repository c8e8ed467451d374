import type { Config } from 'vega-lite';

/**
 * What all figures share. Lengths are points (1/72 in), which are Vega's pixels: a figure is drawn at the size at
 * which it is printed.
 */
export const pageWidths = {
  /** one column of a two-column paper: 3.4 in */
  column: 244.8,
  /** both columns: 7 in */
  page: 504,
} as const;
export type PageWidth = keyof typeof pageWidths;

export const plotHeights: Record<PageWidth, number> = { column: 150, page: 180 };

/** Tinos has the metrics of Times New Roman and Liberation Serif, so a page without it keeps its layout. */
export const fontStack = "Tinos, 'Liberation Serif', 'Times New Roman', Times, serif";

/** Points. */
export const fontSizes = { title: 9, label: 8, value: 7, note: 7 } as const;

/**
 * One colour per series over all figures: Okabe and Ito's colour-blind-safe hues, darkened or lightened so that any
 * two that meet in one figure differ in grey print as well.
 */
export const seriesColours = {
  measured: '#2f3b52',
  orion: '#e69f00',
  prenet: '#0072b2',
  hybrid: '#9fd3ee',
  mean: '#e8e8e8',
  roofline: '#1c1c1c',
  compute: '#0072b2',
  loader: '#f0c75e',
} as const;

/** Lines of the storage figure, which shapes tell apart too: Okabe and Ito's hues. */
export const storageColours = [
  '#0072b2',
  '#e69f00',
  '#2f3b52',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#8c6d00',
] as const;

/** Everything but the data of a figure. */
export const themeConfig: Config = {
  font: fontStack,
  background: 'white',
  aria: false,
  view: { stroke: null },
  axis: {
    grid: false,
    domainColor: 'black',
    domainWidth: 0.6,
    tickColor: 'black',
    tickWidth: 0.6,
    tickSize: 3,
    labelColor: 'black',
    labelFontSize: fontSizes.label,
    labelPadding: 2,
    labelLimit: 0,
    titleColor: 'black',
    titleFontSize: fontSizes.title,
    titleFontWeight: 'normal',
    titlePadding: 4,
  },
  legend: {
    title: null,
    labelColor: 'black',
    labelFontSize: fontSizes.label,
    labelLimit: 0,
    symbolType: 'square',
    symbolSize: 60,
    symbolStrokeWidth: 0.5,
    columnPadding: 10,
    rowPadding: 1,
    offset: 2,
    padding: 0,
  },
  title: {
    color: '#333333',
    fontSize: fontSizes.note,
    fontStyle: 'italic',
    fontWeight: 'normal',
    anchor: 'start',
    frame: 'group',
    lineHeight: 9,
    offset: 4,
    limit: 0,
  },
};
