const shown = 60;

/** Text of a file for a message: on one line, and short. */
export function excerpt(text: string): string {
  const beginning = text.slice(0, shown).replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
  return text.length > shown ? `${beginning}…` : beginning;
}

const listed = 20;

/** Names for a message: the first of many. */
export function excerptOfList(names: readonly string[]): string {
  const first = names.slice(0, listed).map(excerpt).join(', ');
  return names.length > listed ? `${first} and ${names.length - listed} more` : first;
}
