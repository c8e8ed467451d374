import { resultHeader } from '../base/provenance.js';
import { checkData } from '../data/index.js';
import { examine, type Finding } from '../measure/doctor.js';
import type { OutputFolder } from './output-folder.js';

export interface DoctorResult {
  findings: Finding[];
}

/** What is usable on this machine and why not; written as `doctor.json`. */
export async function doctor(out: OutputFolder, dataRoot: string): Promise<DoctorResult> {
  const findings = await examine(out.path);
  for (const set of await checkData(dataRoot)) {
    findings.push({
      name: `data set ${set.name}`,
      status: set.status === 'present' ? 'ok' : set.status === 'damaged' ? 'warning' : 'missing',
      detail: set.status === 'present' ? `${set.samples} samples, ${set.data}` : (set.reason ?? set.status),
      remedy:
        set.status === 'present' ? null : `${set.source}; or 'orion-bench data prepare' for a small synthetic one`,
    });
  }
  const result = { findings };
  out.writeJson('doctor.json', resultHeader({ findings: 'each tried on this machine when the command ran' }), result);
  return result;
}
