/** Extents of a tensor, outermost first; [] is a scalar. */
export type Shape = readonly number[];

export function elementCount(dims: Shape): number {
  return dims.reduce((product, extent) => product * extent, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

export function showShape(dims: Shape): string {
  return `[${dims.join(', ')}]`;
}

/** The shape of an elementwise result by numpy's broadcasting rule. Throws RangeError where extents do not match. */
export function broadcastShape(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`${showShape(a)} and ${showShape(b)} do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** [from, from + 1, ..., to - 1] */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
