import { InputError } from '../base/errors.js';
import type { OnProgress } from '../base/progress.js';
import {
  type Figure,
  type FigureFormat,
  type LeftOut,
  planFigures,
  publishedFigures,
  renderFigure,
} from '../figures/index.js';
import { figureInputs } from './figure-inputs.js';
import type { OutputFolder } from './output-folder.js';
import { readPublishedValues } from './published.js';
import { readStorageTable } from './storage-table.js';

type DrawnFigure = Pick<Figure, 'name' | 'title' | 'caption'> & { files: string[] };

export interface DrawnFigures {
  figures: DrawnFigure[];
  leftOut: LeftOut[];
}

/** Into `out`/figures: the specification always, pictures in the formats asked for. */
async function draw(
  figures: readonly Figure[],
  out: OutputFolder,
  formats: readonly FigureFormat[],
  onProgress?: OnProgress,
): Promise<DrawnFigure[]> {
  const drawn: DrawnFigure[] = [];
  for (const [done, { name, title, caption, spec }] of figures.entries()) {
    onProgress?.({ stage: 'figures', done, total: figures.length, detail: name });
    const pictures = await renderFigure(spec, formats);
    const files = [out.write(`figures/${name}.vl.json`, `${JSON.stringify(spec, null, 2)}\n`)];
    for (const format of formats) files.push(out.write(`figures/${name}.${format}`, pictures[format]!));
    drawn.push({ name, title, caption, files });
  }
  return drawn;
}

/** Draws every figure that the results in `from` allow. @throws InputError where it holds none. */
export async function drawFigures(
  from: OutputFolder,
  out: OutputFolder,
  formats: readonly FigureFormat[],
  onProgress?: OnProgress,
): Promise<DrawnFigures> {
  const families = await figureInputs(from);
  const storage = await readStorageTable(from);
  if (families.length === 0 && storage === null) {
    throw new InputError(
      `${from.path} holds no records (CNN_*.csv, MLP_*.csv, Transformer_*.csv) and no tables of rmse or logo, ` +
        "nor a storage.csv: run 'orion-bench generate' or 'orion-bench storage' first, or name another folder with --from.",
    );
  }
  const { figures, leftOut } = planFigures(storage === null ? { families } : { families, storage });
  return { figures: await draw(figures, out, formats, onProgress), leftOut };
}

/** Draws the paper's Figures 2-7 from the published values. */
export async function drawPublishedFigures(
  out: OutputFolder,
  formats: readonly FigureFormat[],
  onProgress?: OnProgress,
): Promise<DrawnFigures> {
  return { figures: await draw(publishedFigures(readPublishedValues()), out, formats, onProgress), leftOut: [] };
}
