import type { TopLevelSpec } from 'vega-lite';
import { breakdown } from './breakdown.js';
import { type Drawn, type Figure, type FigureInputs, type FigureKind, figurePages, type LeftOut } from './figure.js';
import { measuredPredicted } from './measured-predicted.js';
import type { FigureFormat, RenderedFigure } from './render.js';
import { rmse } from './rmse.js';
import { rmseBaselines } from './rmse-baselines.js';
import { storageFigure } from './storage.js';
import { unseen } from './unseen.js';
import { unseenBaselines } from './unseen-baselines.js';

export type { FamilyInputs, Figure, FigureInputs, LeftOut } from './figure.js';
export { type PublishedValues, publishedFigures } from './published.js';
export type { FigureFormat, RenderedFigure } from './render.js';
export { storageFigureColumns } from './storage.js';

/** Every figure that is drawn per family. */
const kinds: readonly FigureKind[] = [measuredPredicted, rmse, rmseBaselines, unseen, unseenBaselines, breakdown];

/**
 * The figures that the inputs allow, and those that they don't with the reason. Pure: the same inputs give the same
 * specifications. A figure that is too wide for one page continues in `<name>-2`, `<name>-3`, ...
 */
export function planFigures(inputs: FigureInputs): { figures: Figure[]; leftOut: LeftOut[] } {
  const figures: Figure[] = [];
  const leftOut: LeftOut[] = [];
  const add = (name: string, drawn: Drawn | { reason: string }) => {
    if ('reason' in drawn) leftOut.push({ name, reason: drawn.reason });
    else figures.push(...figurePages(name, drawn));
  };
  for (const familyInputs of inputs.families) {
    for (const kind of kinds) add(`${kind.name}-${familyInputs.family}`, kind.draw(familyInputs));
  }
  if (inputs.storage) add('storage', storageFigure(inputs.storage));
  return { figures, leftOut };
}

/** The figures that the inputs allow; `planFigures` also tells what was left out. */
export function buildFigures(inputs: FigureInputs): Figure[] {
  return planFigures(inputs).figures;
}

/**
 * Draws a specification in the formats asked for. The renderers are loaded here, so that commands that draw nothing
 * start without them.
 */
export async function renderFigure(spec: TopLevelSpec, formats: readonly FigureFormat[]): Promise<RenderedFigure> {
  const renderer = await import('./render.js');
  return renderer.renderFigure(spec, formats);
}
