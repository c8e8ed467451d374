import { InputError } from '../base/errors.js';
import { type ResultHeader, resultHeader } from '../base/provenance.js';
import { planFigures, renderFigure } from '../figures/index.js';
import {
  type Facts,
  type ReportDocument,
  type ReportFamily,
  type ReportFigure,
  renderReport,
} from '../report/index.js';
import { figureInputs } from './figure-inputs.js';
import { gpuFacts } from './gpu-facts.js';
import type { OutputFolder } from './output-folder.js';
import { readTables } from './tables.js';

const documentNames = ['doctor', 'host', 'gpu', 'storage'] as const;

/**
 * One self-contained HTML page of whatever lies in the results folder, `report.html`.
 * @throws InputError where there is nothing to report
 */
export async function writeReport(out: OutputFolder): Promise<{ file: string }> {
  const inputs = await figureInputs(out);
  const documents = documentNames.map(
    (name): ReportDocument => ({ title: name, content: contentOf(name, out.readJson<Facts>(`${name}.json`)) }),
  );
  const found = documents.filter(({ content }) => content !== null);
  if (inputs.length === 0 && found.length === 0) {
    throw new InputError(
      `${out.path} holds nothing to report: run 'orion-bench run' first, or name the results folder with --out.`,
    );
  }
  const families: ReportFamily[] = [];
  for (const { family, records } of inputs) families.push({ family, records, tables: await readTables(out, family) });
  const { figures, leftOut } = planFigures({ families: inputs });
  const drawn: ReportFigure[] = [];
  for (const { name, title, caption, spec } of figures) {
    const { svg } = await renderFigure(spec, ['svg']);
    drawn.push({ name, title, caption, svg: svg! });
  }
  const page = renderReport({ header: headerOf(families, found), documents, families, figures: drawn, leftOut });
  return { file: out.write('report.html', page) };
}

const contentOf = (name: string, document: Facts | null): Facts | null =>
  name === 'gpu' ? gpuFacts(document) : document;

/** The page is about the machine that was measured, which may not be the one that writes it. */
function headerOf(families: readonly ReportFamily[], documents: ReportDocument[]): ResultHeader {
  const records = families.flatMap((family) => family.records);
  const devices = [...new Set(records.map((row) => String(row.gpu_name ?? '')).filter(Boolean))];
  const obtained = {
    trials: `${records.length} records; each row of the CSV files says how it was obtained (provider, data, timing, warm-up, window)`,
  };
  const header = resultHeader(obtained, devices, { trials: 'performance.now of the training thread' });
  const measured = documents[0]?.content as Partial<ResultHeader> | undefined;
  return measured?.machine ? { ...header, machine: measured.machine } : header;
}
