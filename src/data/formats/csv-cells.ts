/**
 * The cells of one CSV row (RFC 4180), with or without its line end. A parser of streams would cost a loader worker more
 * than the row's tokens do. Throws where a quote is not closed or stands inside an unquoted cell.
 */
export function csvCells(row: string): string[] {
  // A quoted cell in which quotes are doubled, or a plain one; then a comma or the row's end.
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\s*$)/y;
  const cells: string[] = [];
  for (;;) {
    const at = cell.lastIndex;
    const match = cell.exec(row);
    if (!match) throw new Error(`its cell ${cells.length + 1} at character ${at + 1} is not CSV`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] !== ',') return cells;
  }
}
