import type { TrainingConfig } from '../../networks/types.js';

/** Why precision 16 is not measured on a provider, as the rest of a sentence; null where it is. */
export function reasonAgainstHalf(provider: TrainingConfig['provider']): string | null {
  switch (provider) {
    case 'cpu':
      return 'precision 16 is measured on a GPU only: on the CPU it adds conversions and saves nothing';
    case 'webgpu':
      return 'precision 16 is measured on CUDA only: float16 in shaders is missing from many Vulkan drivers, the software ones among them that results are checked with';
    case 'cuda':
      return null;
  }
}
