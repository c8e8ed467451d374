export { catalogue, type DatasetEntry, datasetEntry } from './catalogue.js';
export { checkDatasets, type DatasetReport } from './check.js';
export { openTrainingSet } from './open.js';
export { type PreparedDataset, type PrepareOptions, prepareDatasets } from './prepare.js';
export { diskBytesPerSample, type TrainingSet } from './training-set.js';
