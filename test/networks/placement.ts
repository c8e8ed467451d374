/** An event of ONNX Runtime's profile (Chrome's trace format), as far as it is read here. */
export interface ProfileEvent {
  cat?: string;
  name: string;
  args?: {
    provider?: string;
    op_name?: string;
    /** Bytes. */
    output_size?: string;
  };
}

export interface Placement {
  /** Nodes that run on the CPU in a step, by operator; copies between the devices are not among them. */
  cpu: Record<string, number>;
  /** Bytes of every copy between the devices that is made within a run, for nodes on the other side. */
  copiedBytes: number[];
}

/** Which nodes of a GPU session's graph stay on the CPU, from the profile of `steps` equal runs. */
export function placementOf(events: readonly ProfileEvent[], steps: number): Placement {
  const kernels = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
  const runs: Record<string, number> = {};
  for (const { args } of kernels) {
    if (args?.provider !== 'CPUExecutionProvider') continue;
    const operator = args.op_name ?? 'unknown';
    runs[operator] = (runs[operator] ?? 0) + 1;
  }
  const copies = kernels.filter(({ args }) => args?.op_name?.startsWith('Memcpy'));
  return {
    cpu: Object.fromEntries(Object.entries(runs).map(([operator, count]) => [operator, count / steps])),
    copiedBytes: copies.map(({ args }) => Number(args?.output_size)),
  };
}
