import type { Row } from '#src/base/columns.js';
import type { PredictionRow } from '#src/base/tables.js';
import type { FamilyInputs } from '#src/figures/index.js';

export interface SampleOptions {
  models: readonly string[];
  batchSizes: readonly number[];
  storages?: readonly string[];
  workers?: readonly number[];
  /** Devices that were left out of the fit. */
  gpus?: readonly string[];
  /** Compute time of one sample, ms. */
  sampleMs?: (model: string) => number;
  /** Columns of every record. */
  facts?: Row;
}

/** Records and tables of a made-up sweep, smooth and without chance: figures of realistic shape. */
export function sampleFamily(options: SampleOptions): FamilyInputs {
  const {
    models,
    batchSizes,
    storages = ['NVME', 'SSD'],
    workers = [4, 8, 16],
    gpus = ['NVIDIA A100-SXM4-80GB', 'NVIDIA RTX 4000 Ada Generation', 'NVIDIA L4'],
    sampleMs = () => 1.3,
    facts = {},
  } = options;
  const records: Row[] = [];
  const predictions: PredictionRow[] = [];
  for (const model of models)
    for (const batchSize of batchSizes)
      for (const storage of storages)
        for (const workerCount of workers) {
          const index = records.length;
          const computeMs = sampleMs(model) * batchSize * (1 + 0.02 * (index % 5));
          const loaderMs = (computeMs * (storage === 'SSD' ? 4.4 : 1.2)) / workerCount;
          const row = {
            record_id: `trial-${index}`,
            gpu_name: 'NVIDIA A100-SXM4-80GB',
            model,
            dataset: 'TinyImageNet',
            batch_size: batchSize,
            vcpu: workerCount,
            storage,
          };
          records.push({
            ...row,
            T_gpu_ms: computeMs,
            T_cpu_io_ms: loaderMs,
            avg_batch_time_ms: computeMs + loaderMs,
            bottleneck: computeMs > loaderMs ? 'gpu' : 'host',
            loader_ratio: loaderMs / (computeMs + loaderMs),
            data: 'synthetic',
            timing: 'real',
            status: 'ok',
            ...facts,
          });
          predictions.push({
            ...row,
            fold: index % 5,
            actual_ms: computeMs + loaderMs,
            pred_orion_ms: (computeMs + loaderMs) * (0.9 + 0.05 * (index % 4)),
            pred_prenet_ms: computeMs,
          });
        }
  const overall = models.map((model, index) => ({
    model,
    RMSE_ORION_ms: sampleMs(model) * (4 + index),
    RMSE_PreNeT_ms: sampleMs(model) * (9 + 2 * index),
    'Improvement_%': 50,
    RMSE_mean_ms: sampleMs(model) * (40 + 3 * index),
    RMSE_roofline_ms: sampleMs(model) * (20 + 3 * index),
    RMSE_hybrid_ms: sampleMs(model) * (3 + index),
  }));
  const unseen = gpus.map((GPU, index) => ({
    GPU,
    RMSE_ORION_ms: sampleMs(models[0]!) * (11 + 5 * index),
    RMSE_PreNeT_ms: sampleMs(models[0]!) * (13 + 5.5 * index),
    RMSE_mean_ms: sampleMs(models[0]!) * (50 + 4 * index),
    RMSE_roofline_ms: sampleMs(models[0]!) * (30 + 4 * index),
    RMSE_hybrid_ms: sampleMs(models[0]!) * (8 + 3 * index),
  }));
  return { family: 'cnn', records, overall, predictions, unseen };
}

const paperModels = ['resnet50', 'vgg16', 'densenet121'];

/** Every shape that a figure must survive. */
export const shapes: Record<string, FamilyInputs> = {
  'the published sweep': sampleFamily({ models: paperModels, batchSizes: [32, 64, 128, 256] }),
  'four models': sampleFamily({
    models: [...paperModels, 'mobilenetv2'],
    batchSizes: [32, 64, 128, 256],
    facts: { timing: 'emulated', gpu_name: 'CPU', cpu_model: 'Intel(R) Xeon(R) Platinum 8488C CPU @ 2.40GHz' },
  }),
  'one model, two batch sizes': sampleFamily({
    models: ['resnet50'],
    batchSizes: [32, 64],
    gpus: ['CPU'],
    workers: [1],
    storages: ['NVME'],
  }),
  'one trial': sampleFamily({ models: ['resmlp'], batchSizes: [8], workers: [1], storages: ['NVME'] }),
  'long names': sampleFamily({
    models: ['mobilenet_v3_large_100.miil_in21k_ft_in1k', 'ConvNeXtV2HugeSegmentationTransformerXXL', 'W'.repeat(60)],
    batchSizes: [32, 64],
    gpus: [`A device ${'with a long name '.repeat(12)}`, 'W'.repeat(60), 'AMD Instinct MI250X OAM, one of two dies'],
    facts: { gpu_name: `A device ${'with a long name '.repeat(12)}` },
  }),
  'half a millisecond': sampleFamily({ models: ['tiny'], batchSizes: [1, 2], sampleMs: () => 0.4 }),
  'half a millisecond beside seconds': sampleFamily({
    models: ['small', 'large'],
    batchSizes: [1, 32],
    sampleMs: (model) => (model === 'small' ? 0.4 : 150),
  }),
  'more than a page': sampleFamily({
    models: Array.from({ length: 14 }, (_, index) => `network${index}`),
    batchSizes: [4, 8, 16, 32, 64],
    gpus: Array.from({ length: 26 }, (_, index) => `NVIDIA RTX ${1000 + 250 * index} Ada`),
  }),
  'hostile names': sampleFamily({
    models: ['<script>alert("1")</script>', "a&b'\u0000\u0007\n", '模型', ']]>', ''],
    batchSizes: [32, 64],
    gpus: ['</svg><b>&amp;', '显卡', ''],
    facts: { gpu_name: '</svg><b>&amp;' },
  }),
};
