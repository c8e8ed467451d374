import type { TrainingConfig } from '../../networks/types.js';

/** Why a precision is not measured on a provider, as the rest of a sentence; null where it is. */
export function reasonAgainstPrecision({
  precision,
  provider,
}: Pick<TrainingConfig, 'precision' | 'provider'>): string | null {
  if (precision === 32) return null;
  switch (provider) {
    case 'cpu':
      return 'precision 16 is measured on a GPU only: on the CPU it adds conversions and saves nothing';
    case 'webgpu':
      return 'precision 16 is measured on CUDA only: float16 in shaders is missing from many Vulkan drivers, the software ones among them that results are checked with';
    case 'cuda':
      return null;
  }
}
