// The table that a bench prints without --json.

const number = (value) => (value === null || value === undefined ? '-' : value.toPrecision(4));

/** The table under a line about the machine, over the conclusion where there is one. */
export function caseTable({ bench, machine, cases, conclusion }, sides) {
  const about = `${bench}: ${machine.cpu_model}, ${machine.allowed_cpus} CPUs, ${machine.threads} threads each side`;
  return [about, ...caseRows(cases, sides), ...(conclusion ? [conclusion.text] : [])].join('\n');
}

/** The headings and a line per case; `columns` of the case are further ones, [heading, text] each. */
export function caseRows(cases, sides = ['ours', 'peer']) {
  const further = cases.find(({ columns }) => columns)?.columns.map(([heading]) => heading) ?? [];
  const rows = cases.map((one) => {
    if (one.failed) return [one.name, `failed: ${one.failed}`];
    if (one.skipped) return [one.name, `skipped: ${one.skipped}`];
    const { name, ratio, quartiles, ours, peer, unit, pairs, columns = [] } = one;
    const range = quartiles.map((quartile) => quartile.toFixed(3)).join(' - ');
    const times = [`${number(ours)} ${unit}`, `${number(peer)} ${unit}`, String(pairs)];
    return [name, ratio.toFixed(3), range, ...times, ...columns.map(([, text]) => text)];
  });
  const heading = ['case', 'ratio', 'quartiles', ...sides, 'pairs', ...further];
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.filter((row) => row.length > 2).map((row) => row[column].length)),
  );
  const line = (row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [line(heading), ...rows.map(line)];
}
