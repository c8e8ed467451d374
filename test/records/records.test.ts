import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { columnsOf, type Row } from '#src/base/columns.js';
import { readRecords } from '#src/records/read.js';
import { replaceFile } from '#src/records/replace-file.js';
import { writeRecords, writeTable } from '#src/records/write.js';
import { pythonWith, runPython } from '../support/python.js';
import { sharedFolder } from '../support/shared.js';

const required = ['model', 'batch_size'];

t.test('cells take the type of their column, unknown columns the narrowest that holds all cells', async (t) => {
  const file = path.join(t.testdir(), 'a.csv');
  await writeFile(
    file,
    [
      '\ufeffmodel,batch_size,amp,learning_rate,input_shape,flag,ratio,note,void',
      'resnet50,32,True,5e-4,"(3, 64, 64)",true,1,x,',
      'vgg16,64.0,false,inf,,False,2.5,3,NaN',
      '"a ""b""\nc",128,,nan,,,,NaN,',
      '',
    ].join('\r\n'),
  );
  const table = await readRecords([file], { required });
  t.same(table.columns, [
    'model',
    'batch_size',
    'amp',
    'learning_rate',
    'input_shape',
    'flag',
    'ratio',
    'note',
    'void',
  ]);
  t.same(table.rows, [
    {
      model: 'resnet50',
      batch_size: 32,
      amp: true,
      learning_rate: 5e-4,
      input_shape: '(3, 64, 64)',
      flag: true,
      ratio: 1,
      note: 'x',
      void: null,
    },
    {
      model: 'vgg16',
      batch_size: 64,
      amp: false,
      learning_rate: Number.POSITIVE_INFINITY,
      input_shape: null,
      flag: false,
      ratio: 2.5,
      note: '3',
      void: null,
    },
    {
      model: 'a "b"\nc',
      batch_size: 128,
      amp: null,
      learning_rate: null,
      input_shape: null,
      flag: null,
      ratio: null,
      note: 'NaN',
      void: null,
    },
  ]);
  t.equal(table.ignored, 0);
});

t.test('several files become one table; rows that are not ok are counted, not read as measurements', async (t) => {
  const folder = t.testdir({
    'a.csv': 'model,batch_size,status\nm,1,ok\nm,,failed\n',
    'b.csv': 'batch_size,extra,model\n2,7,n\n',
  });
  const files = ['a.csv', 'b.csv'].map((name) => path.join(folder, name));
  const table = await readRecords(files, { required });
  t.same(table.columns, ['model', 'batch_size', 'status', 'extra']);
  t.same(table.rows, [
    { model: 'm', batch_size: 1, status: 'ok', extra: null },
    { model: 'n', batch_size: 2, status: null, extra: 7 },
  ]);
  t.equal(table.ignored, 1);
  t.same(table.files, files);
});

t.test('a file that does not fit is refused in one sentence with file, line and column', async (t) => {
  const cases: [name: string, contents: string | null, message: RegExp][] = [
    ['missing', null, /missing\.csv does not exist/],
    ['empty', '', /empty\.csv is empty/],
    ['blank', '\n\n', /blank\.csv is empty/],
    ['header', 'model,batch_size\n', /header\.csv, line 1: the file has a header but no record/],
    ['column', 'model\nm\n', /column\.csv, line 1: the required column 'batch_size' is missing; the file has model/],
    ['columns', 'a\nm\n', /the required columns 'model', 'batch_size' are missing/],
    ['twice', 'model,batch_size,model\nm,1,n\n', /twice\.csv, line 1: the column 'model' appears twice/],
    ['unnamed', 'model,batch_size,\nm,1,n\n', /unnamed\.csv, line 1: column 3 has no name/],
    ['short', 'model,batch_size\nm,1\nm\n', /short\.csv, line 3: 1 cell where the header has 2/],
    ['long', 'model,batch_size\n"a\nb",1\n\nm,1,2\n', /long\.csv, line 5: 3 cells where the header has 2/],
    [
      'type',
      'model,batch_size\nm,many\n',
      /type\.csv, line 2, column 'batch_size': expected a whole number, found 'many'/,
    ],
    ['endless', 'model,batch_size\nm,inf\n', /column 'batch_size': expected a whole number, found 'inf'/],
    ['whole', 'model,batch_size\nm,1.5\n', /column 'batch_size': expected a whole number, found '1.5'/],
    ['boolean', 'model,batch_size,amp\nm,1,yes\n', /column 'amp': expected True or False, found 'yes'/],
    ['number', 'model,batch_size,T_gpu_ms\nm,1,1 ms\n', /column 'T_gpu_ms': expected a number, found '1 ms'/],
    ['value', 'model,batch_size\nm,1\nm,\n', /value\.csv, line 3, column 'batch_size': a value is required/],
    ['failed', 'model,batch_size,status\nm,1,failed\n', /none of the 1 records has the status ok/],
    [
      'quote',
      'model,batch_size\n"m,1\n',
      /quote\.csv, line 2, column 'model': the quote that opens here is not closed/,
    ],
    [
      'family',
      'model,batch_size,architecture\nm,1,MLP\n',
      /line 2, column 'architecture': expected CNN, found 'MLP'; evaluate each family/,
    ],
  ];
  const folder = t.testdir();
  for (const [name, contents, message] of cases) {
    const file = path.join(folder, `${name}.csv`);
    if (contents !== null) await writeFile(file, contents);
    await t.rejects(
      readRecords([file], { family: 'cnn', required }),
      { name: 'InputError', exitCode: 2, message },
      name,
    );
  }
  await t.rejects(readRecords([folder], { required }), { message: /is a folder: name the CSV file in it/ });
  await t.rejects(readRecords([], { required }), { message: /^No records file was given/ });
});

t.test(
  'a file without read permission is refused',
  { skip: process.getuid?.() === 0 && 'root reads every file' },
  async (t) => {
    const file = path.join(t.testdir({ 'a.csv': 'model\nm\n' }), 'a.csv');
    await chmod(file, 0);
    await t.rejects(readRecords([file], { required: [] }), { message: /may not be read: check its permissions/ });
  },
);

const awkward: Row[] = [
  { model: 'a,"b"', batch_size: 32, amp: true, learning_rate: 0.1 + 0.2, depth: 1e21, note: 'line\nbreak' },
  { model: 'é', batch_size: 1, amp: false, learning_rate: 5e-324, depth: null, note: '' },
  { model: 'm', batch_size: 2, amp: null, learning_rate: Number.NaN, depth: null, note: null },
];

t.test('what is written reads back the same, and ends with a newline', async (t) => {
  const folder = t.testdir();
  const file = path.join(folder, 'out.csv');
  const columns = ['model', 'batch_size', 'amp', 'learning_rate', 'depth', 'note'];
  await writeRecords(file, columns, [{ model: 'old' }]);
  await writeRecords(file, columns, awkward);
  const text = await readFile(file, 'utf8');
  t.ok(text.endsWith('\n'));
  t.match(text, /^model,batch_size,amp,learning_rate,depth,note\n"a,""b""",32,True,0\.30000000000000004,/);
  t.same((await readRecords([file], { required: ['model'] })).rows, [
    awkward[0],
    { ...awkward[1], note: null },
    { ...awkward[2], learning_rate: null },
  ]);
  t.same(await readdir(folder), ['out.csv'], 'no temporary file stays');
});

const pandas = pythonWith('pandas');
t.test('pandas reads our CSV with the same values', { skip: pandas.skip }, async (t) => {
  const file = path.join(t.testdir(), 'out.csv');
  const columns = ['model', 'amp', 'learning_rate', 'depth'];
  await writeRecords(file, columns, awkward.slice(0, 2));
  const read = `import pandas, json, sys
d = pandas.read_csv(sys.argv[1], float_precision='round_trip')
print(json.dumps([str(d.dtypes['amp']), d.model.tolist(), d.learning_rate.tolist(), d.depth.isna().tolist()]))`;
  t.same(JSON.parse(runPython(pandas.python!, read, [file])), [
    'bool',
    ['a,"b"', 'é'],
    [0.1 + 0.2, 5e-324],
    [false, true],
  ]);
});

t.test('a result table has its columns even without rows', async (t) => {
  const file = path.join(t.testdir(), 'table.csv');
  await writeTable<{ model: string; 'Improvement_%': number }>(file, ['model', 'Improvement_%'], []);
  t.equal(await readFile(file, 'utf8'), 'model,Improvement_%\n');
});

t.test('a folder that cannot take the file gives one sentence and leaves nothing behind', async (t) => {
  const folder = t.testdir({ file: '' });
  await mkdir(path.join(folder, 'taken.csv'));
  const cases: [string, RegExp][] = [
    [path.join(folder, 'absent', 'a.csv'), /cannot be written: its folder does not exist/],
    [path.join(folder, 'file', 'a.csv'), /cannot be written: its folder is a file/],
    [path.join(folder, 'taken.csv'), /cannot be written: a folder of that name is there/],
  ];
  for (const [file, message] of cases) {
    await t.rejects(replaceFile(file, 'x'), { name: 'InputError', code: 'IO', exitCode: 2, message });
  }
  t.same((await readdir(folder)).sort(), ['file', 'taken.csv']);
});

// /dev/full answers every write with "no space left"
t.test('a full disk gives one sentence', async (t) => {
  const { writeFailure } = await import('#src/records/replace-file.js');
  const failure = await writeFile('/dev/full', 'x').then(
    () => null,
    (error: unknown) => error,
  );
  t.match(writeFailure('a.csv', failure).message, /^a\.csv cannot be written: the disk is full: free some space/);
});

const parity = sharedFolder('parity');
t.test('reference records read with their own types', { skip: parity.skip }, async (t) => {
  const table = await readRecords([path.join(parity.folder!, 'CNN.csv')], { family: 'cnn', required: ['T_gpu_ms'] });
  t.equal(table.rows.length, 1012);
  const known = new Map(columnsOf('cnn').map(({ name, type }) => [name, type]));
  for (const column of table.columns) {
    const type = known.get(column)!;
    const expected = type === 'integer' ? 'number' : type === 'text' ? 'string' : type;
    t.ok(
      table.rows.every((row) => typeof row[column] === expected),
      column,
    );
  }
});
