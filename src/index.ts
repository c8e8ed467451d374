/**
 * The library behind the command line. Stages can be used alone (records in, tables out) or joined, as the commands do.
 * @packageDocumentation
 */
export { type Column, columnsOf, type Family, families, type Row } from './base/columns.js';
export { InputError, InterruptedError, MissingDeviceError, OrionError } from './base/errors.js';
export { type NativeAddon, native, nativeStatus } from './base/native.js';
export type { OnNote, OnProgress, ProgressEvent } from './base/progress.js';
export type { EvaluatedRecipe } from './base/recipe-names.js';
export type {
  ConfigurationRow,
  FamilyTables,
  MetricsRow,
  OverallRow,
  PredictionRow,
  UnseenErrors,
  UnseenRow,
  UnseenTables,
} from './base/tables.js';
export { leaveOneOut } from './evaluate/leave-one-out.js';
export { crossValidate } from './evaluate/rmse.js';
// records -> features -> model -> evaluation
export { type RecipeName, recipes } from './features/recipes.js';
// tables -> figures
export { buildFigures, type Figure, type FigureInputs, renderFigure } from './figures/index.js';
export { measureTrials, type TrialOutcome } from './measure/run-trials.js';
export type { TrialOrder } from './measure/trial/order.js';
export { planTrials, type TrialOptions } from './measure/trial/plan.js';
export type { Trial } from './measure/trial/trial.js';
export { type ColumnImportance, featureImportance } from './model/booster-importance.js';
export { fromXgboostJson, toXgboostJson } from './model/booster-json.js';
export { toOnnx } from './model/booster-onnx.js';
export { type BoosterOptions, parseBoosterOptions } from './model/booster-options.js';
// the predictor
export { calibrate } from './model/hybrid/calibrate.js';
export { fitHybrid, type HybridOptions } from './model/hybrid/fit.js';
export type { HybridModel } from './model/hybrid/model.js';
export { hybridFromJson, hybridToJson } from './model/hybrid/model-file.js';
export { type HybridPrediction, predictHybrid } from './model/hybrid/predict.js';
// measure -> records
export { type ForwardCost, forwardCost, type OperationCost } from './networks/costs.js';
export { inferenceGraph, networks, trainingGraph, workload } from './networks/index.js';
export type { InferenceGraph, TrainingConfig, TrainingGraph } from './networks/types.js';
// the stages joined, one function per command
export { checkData, prepareData } from './pipeline/data.js';
export { doctor } from './pipeline/doctor.js';
export { type ExportedGraph, type ExportOptions, exportGraphs } from './pipeline/export.js';
export { drawFigures, drawPublishedFigures } from './pipeline/figures.js';
export { type GenerateOptions, type GenerateSummary, generate } from './pipeline/generate.js';
export { type GpuReport, gpu, gpuKernel, importGpu } from './pipeline/gpu.js';
export { host } from './pipeline/host.js';
export { logo } from './pipeline/logo.js';
export { OutputFolder } from './pipeline/output-folder.js';
export { writeReport } from './pipeline/report.js';
export { rmse } from './pipeline/rmse.js';
export { type RunOptions, type RunSummary, run } from './pipeline/run.js';
export { storage } from './pipeline/storage.js';
export { Journal } from './records/journal.js';
export { type RecordTable, readRecords } from './records/read.js';
export { writeRecords, writeTable } from './records/write.js';
