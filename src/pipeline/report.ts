import type { OutputFolder } from './output-folder.js';

export async function writeReport(out: OutputFolder): Promise<{ file: string }> {
  return { file: out.file('report.html') };
}
