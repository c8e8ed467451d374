/** Samples that could not be used: how many times one was met, and the first of them with the reason. */
export interface Damage {
  count: number;
  /** null where there was none. */
  first: string | null;
}

export const noDamage = (): Damage => ({ count: 0, first: null });

export function noteDamage(damage: Damage, what: string, count = 1): void {
  damage.count += count;
  damage.first ??= what;
}
