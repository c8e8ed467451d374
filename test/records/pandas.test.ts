import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import type { Cell } from '#src/base/columns.js';
import { readRecords } from '#src/records/read.js';
import { pythonWith, runPython } from '../support/python.js';

/** Awkward, but legal. */
const files: Record<string, string> = {
  'quotes and commas': 'model,note\n"a,b","say ""x"""\n"",","\n"""","""a"""\n5" disk,a"b"\n',
  'line ends in cells': 'model,note\r\n"a\nb","c\r\nd"\r\ne,"\n"\r\n',
  'empty cells': 'model,x,y\na,,\n,,1\n,2,\n,,\n',
  'one column': 'x\n1\n""\n2\n\n3\n',
  spaces: 'model,x,y\n a , 1 ,2\n b, 3,  4  \n',
  exponents: 'x,y\n1e3,-2.5E-3\n+.5,5.\n-0,1E+2\n0.1,123456789.123456789\n1e-320,1.7976931348623157e308\n',
  'infinities and gaps': 'x,y\ninf,1\n-inf,NaN\nInfinity,NA\n-Infinity,null\n+inf,N/A\nnan,\n,#N/A\n',
  booleans: 'x,y\nTrue,true\nFalse,FALSE\n',
  'blank lines': '\n\nx,y\n\n1,2\n   \n3,4\n\n\n',
  unicode: 'model,x\n"模型 é",1\nz\u0301 \u{1f600},2\n',
  'old line ends': 'x,y\r1,2\r3,4\r',
  'no last line end': 'x,y\n1,2\n3,"4"',
  'a mark': '\ufeffx,y\n1,2\n',
  'numbers among text': 'x,y\n1,a\nb,2\n007,1e3\n',
};

/** Numbers as pandas types them; text columns as the text that stands there, empty cells null. */
const pandasTable = `
import json, math, pandas, sys
def cell(value):
    if value is None or (isinstance(value, float) and math.isnan(value)): return None
    if isinstance(value, float) and math.isinf(value): return 'inf' if value > 0 else '-inf'
    return value
tables = {}
for name, file in json.load(sys.stdin).items():
    typed = pandas.read_csv(file, float_precision='round_trip')
    text = pandas.read_csv(file, dtype=str, keep_default_na=False, na_values=[''])
    tables[name] = [[column, [cell(value) for value in (text if typed[column].dtype == object else typed)[column].tolist()]]
                    for column in typed.columns]
json.dump(tables, sys.stdout)
`;

const pandas = pythonWith('pandas');

t.test('awkward files read as pandas reads them', { skip: pandas.skip }, async (t) => {
  const folder = t.testdir();
  const paths: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) {
    paths[name] = path.join(folder, `${name}.csv`);
    await writeFile(paths[name], text);
  }
  const theirs = JSON.parse(runPython(pandas.python!, pandasTable, [], JSON.stringify(paths))) as Record<
    string,
    [string, Cell[]][]
  >;
  const spelled = (cell: Cell): Cell => (typeof cell === 'number' && !Number.isFinite(cell) ? cellName(cell) : cell);
  for (const [name, file] of Object.entries(paths)) {
    const { columns, rows } = await readRecords([file], { required: [] });
    t.same(
      columns.map((column) => [column, rows.map((row) => spelled(row[column]!))]),
      theirs[name],
      name,
    );
  }
});

const cellName = (value: number): string => (value > 0 ? 'inf' : '-inf');
