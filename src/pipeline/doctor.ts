import { resultHeader } from '../base/provenance.js';
import { checkDatasets, type DatasetReport } from '../data/index.js';
import { examine, type Finding } from '../measure/doctor.js';
import type { OutputFolder } from './output-folder.js';

export interface DoctorResult {
  findings: Finding[];
}

/** What is usable on this machine and why not; written as `doctor.json`. */
export async function doctor(out: OutputFolder, dataRoot: string): Promise<DoctorResult> {
  const findings = await examine(out.path);
  findings.push(...checkDatasets(dataRoot).map(datasetFinding));
  const result = { findings };
  out.writeJson('doctor.json', resultHeader({ findings: 'each tried on this machine when the command ran' }), result);
  return result;
}

function datasetFinding({ dataset, state, samples, origin, problem, source }: DatasetReport): Finding {
  const name = `data set ${dataset}`;
  if (state === 'present') return { name, status: 'ok', detail: `${samples} samples, ${origin}`, remedy: null };
  return {
    name,
    status: state === 'damaged' ? 'warning' : 'missing',
    detail: problem ?? 'not under the data root',
    remedy: `get it from ${source}, or make a small synthetic one with 'orion-bench data prepare'`,
  };
}
