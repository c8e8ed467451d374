/** Rows that share a key. */
export interface Group<Key, Entry> {
  key: Key;
  entries: Entry[];
}

type Part = string | number;

const compareParts = (a: Part, b: Part): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : Number(String(a) > String(b));

function compareKeys(a: readonly Part[], b: readonly Part[]): number {
  for (const [index, part] of a.entries()) {
    const order = compareParts(part, b[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Groups by a key of texts and numbers, in ascending order of the keys; entries whose key is null are left out. */
export function groupBy<Key extends readonly Part[], Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => Key | null,
): Group<Key, Entry>[] {
  const groups = new Map<string, Group<Key, Entry>>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (!key) continue;
    const name = JSON.stringify(key);
    const group = groups.get(name);
    if (group) group.entries.push(entry);
    else groups.set(name, { key, entries: [entry] });
  }
  return [...groups.values()].sort((a, b) => compareKeys(a.key, b.key));
}
