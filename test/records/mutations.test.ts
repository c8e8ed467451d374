import { writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { InputError } from '#src/base/errors.js';
import { MersenneTwister } from '#src/base/random.js';
import { readCsv } from '#src/records/csv.js';
import { readRecords } from '#src/records/read.js';
import { pythonWith, runPython } from '../support/python.js';

const original = Buffer.from(
  [
    'model,batch_size,learning_rate,amp,T_gpu_ms,storage,input_shape,note',
    'resnet50,32,0.001,True,4.5,NVME,"(3, 64, 64)",',
    'vgg16,64,5e-4,False,inf,SSD,"(3, 32, 32)","say ""when"""',
    'densenet121,128,1e-3,True,,SSD,,"two\nlines"',
    'é,256,.5,False,nan,cold,x,-7',
    '',
  ].join('\n'),
);

const inserted = [
  '"',
  ',',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  '""',
  ' ',
  'x',
  '-',
  '1e999',
  'NaN',
  '__proto__',
  '\xff',
];

/** Cuts, doubles, swaps, inserts and flips: what editors, transfers and torn writes do to a file. */
function mutated(random: MersenneTwister): Buffer {
  let bytes = original;
  for (let count = random.interval(3) + 1; count > 0; count--) {
    const at = random.interval(bytes.length);
    const to = Math.min(bytes.length, at + random.interval(40));
    const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
    const text = Buffer.from(inserted[random.interval(inserted.length - 1)]!, random.interval(1) ? 'utf8' : 'latin1');
    const flipped = Buffer.from(part);
    if (flipped.length > 0) flipped[0]! ^= 1 << random.interval(7);
    const changes = [
      [before],
      [before, after],
      [before, part, part, after],
      [before, text, part, after],
      [before, flipped, after],
      [after, part, before],
    ];
    bytes = Buffer.concat(changes[random.interval(changes.length - 1)]!);
  }
  return bytes;
}

/** Cells as Python's csv reads them, blank lines left out; null where its strict reader refuses. */
const pythonCells = `
import csv, io, json, sys
answers = []
for text in json.load(sys.stdin):
    try:
        rows = list(csv.reader(io.StringIO(text, newline=''), strict=True))
        answers.append([row for row in rows if row and not (len(row) == 1 and row[0].strip(' \\t') == '')])
    except csv.Error:
        answers.append(None)
json.dump(answers, sys.stdout)
`;

const python = pythonWith('csv');

t.test('10,000 damaged files: a right table, or one sentence with file and line', async (t) => {
  const random = new MersenneTwister(7);
  const folder = t.testdir();
  const located = /^[^\n]*damaged-\d+\.csv(, line \d+|: all|: none| is empty)[^\n]*\.$/;
  const accepted: { text: string; cells: string[][] }[] = [];
  const faults: string[] = [];
  let refused = 0;
  let tables = 0;
  const readDamaged = async (file: string): Promise<void> => {
    const bytes = mutated(random);
    writeFileSync(file, bytes);
    const refusal = (error: unknown): null => {
      if (error instanceof InputError && located.test(error.message)) refused++;
      else faults.push(`${JSON.stringify(bytes.toString('latin1'))}: ${error}`);
      return null;
    };
    const contents = await readCsv(file, true).catch(refusal);
    if (!contents) return;
    // two bytes may be UTF-16, which the comparison does not read
    if (!bytes.includes(0))
      accepted.push({
        text: bytes.toString('utf8').replace(/^\ufeff/, ''),
        cells: [contents.header, ...contents.records.map(({ cells }) => cells)],
      });
    const table = await readRecords([file], { family: 'cnn', required: ['model', 'batch_size'] }).catch(refusal);
    if (!table) return;
    tables++;
    const whole = table.rows.every(
      (row) =>
        Object.keys(row).length === table.columns.length &&
        typeof row.model === 'string' &&
        Number.isInteger(row.batch_size),
    );
    if (!whole) faults.push(`${JSON.stringify(bytes.toString('latin1'))}: ${JSON.stringify(table)}`);
  };
  const files = Array.from({ length: 100 }, (_, index) => path.join(folder, `damaged-${index}.csv`));
  for (let round = 0; round < 100; round++) await Promise.all(files.map(readDamaged));
  t.same(faults.slice(0, 3), []);
  t.ok(tables > 500 && refused > 2000, `${tables} tables, ${refused} refusals: both sides are tried`);

  if (python.skip) return;
  const answers = JSON.parse(
    runPython(python.python!, pythonCells, [], JSON.stringify(accepted.map(({ text }) => text))),
  ) as (string[][] | null)[];
  const different = accepted.filter(({ cells }, index) => {
    const theirs = answers[index];
    const header = theirs?.[0]?.map((name) => name.trim());
    return JSON.stringify(cells) !== JSON.stringify(theirs && [header, ...theirs.slice(1)]);
  });
  t.same(different.slice(0, 3), [], `the same cells as Python's csv in ${accepted.length} files`);
});
