// Which of OpenBLAS's kernels PyTorch shall use: what it picks by itself is not always the fastest.
import { readFileSync } from 'node:fs';

/** Values of OPENBLAS_CORETYPE to try; `none` leaves the choice to OpenBLAS. Others would end in illegal instructions. */
export const coreTypes = ['none', 'Haswell', 'SkylakeX'];

export function supportedCoreTypes() {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' '));
  const needs = { none: [], Haswell: ['avx2', 'fma'], SkylakeX: ['avx512f', 'avx512bw', 'avx512dq', 'avx512vl'] };
  return coreTypes.filter((coreType) => needs[coreType].every((flag) => flags.has(flag)));
}
