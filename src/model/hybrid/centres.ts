/**
 * Indexes of points far from each other, in ascending order: each next one is the farthest from all before (Gonzalez,
 * "Clustering to minimize the maximum intercluster distance", 1985), from the first on. All of them where `count` allows.
 */
export function spreadOut(points: readonly (readonly number[])[], count: number): number[] {
  if (points.length <= count) return points.map((_, index) => index);
  const distance = new Float64Array(points.length).fill(Number.POSITIVE_INFINITY);
  const chosen: number[] = [];
  let next = 0;
  while (chosen.length < count) {
    chosen.push(next);
    const centre = points[next]!;
    let farthest = 0;
    for (const [index, point] of points.entries()) {
      let squares = 0;
      for (let i = 0; i < point.length; i++) squares += (point[i]! - centre[i]!) ** 2;
      if (squares < distance[index]!) distance[index] = squares;
      if (distance[index]! > distance[farthest]!) farthest = index;
    }
    next = farthest;
  }
  return chosen.sort((a, b) => a - b);
}
