/** The candidates that `name` may have meant: equal but for case, containing it, or at most two edits away. */
export function nearest(name: string, candidates: readonly string[]): string[] {
  const lower = name.toLowerCase();
  return candidates.filter((candidate) => {
    const other = candidate.toLowerCase();
    return (lower.length > 2 && other.includes(lower)) || editDistance(lower, other) <= 2;
  });
}

/** Levenshtein's distance: insertions, deletions and substitutions, one each. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
