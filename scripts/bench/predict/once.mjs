// One run of `predict --csv` in a process of its own: its time without Node's start, and the most memory it held.
// usage: node once.mjs MODEL CSV OUT
import { OutputFolder } from '../../../dist/pipeline/output-folder.js';
import { readPredictor } from '../../../dist/pipeline/predict.js';
import { predictFiles } from '../../../dist/pipeline/predict-files.js';

const [modelFile, csv, out] = process.argv.slice(2);
const start = performance.now();
const model = await readPredictor(modelFile);
const { rows } = await predictFiles(new OutputFolder(out), model, [csv]);
const ms = performance.now() - start;
console.log(JSON.stringify({ rows, ms, peakBytes: 1024 * process.resourceUsage().maxRSS }));
