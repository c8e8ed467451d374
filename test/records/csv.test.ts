import { execFileSync } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { readCsv } from '#src/records/csv.js';
import { CsvScanner } from '#src/records/csv-scanner.js';
import { readRecords } from '#src/records/read.js';

const utf16 = (text: string, bigEndian = false): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

t.test('encodings, byte order marks and line ends: the same table', async (t) => {
  const folder = t.testdir();
  const text = 'model,batch_size,note\nResNet,32,"é, ""x""\n2 €"\nvgg,64,\n';
  const expected = [
    { model: 'ResNet', batch_size: 32, note: 'é, "x"\n2 €' },
    { model: 'vgg', batch_size: 64, note: null },
  ];
  const files: Record<string, Buffer> = {
    'UTF-8': Buffer.from(text),
    'UTF-8 with a mark': Buffer.from(`\ufeff${text}`),
    'UTF-16 LE with a mark': utf16(`\ufeff${text}`),
    'UTF-16 LE': utf16(text),
    'UTF-16 BE with a mark': utf16(`\ufeff${text}`, true),
    'UTF-16 BE': utf16(text, true),
    'no line end at the end': Buffer.from(text.trimEnd()),
    'blank lines': Buffer.from(`\n  \n${text.replace('vgg', '\n\t\nvgg')}\n\n`),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, `${name}.csv`);
    await writeFile(file, bytes);
    t.same((await readRecords([file], { required: ['model', 'batch_size'] })).rows, expected, name);
  }
  for (const lineEnd of ['\r\n', '\r']) {
    const file = path.join(folder, 'ends.csv');
    await writeFile(file, text.replaceAll('\n', lineEnd));
    const { rows } = await readRecords([file], { required: ['model'] });
    t.same(rows, [{ ...expected[0], note: `é, "x"${lineEnd}2 €` }, expected[1]], JSON.stringify(lineEnd));
  }
});

t.test('however the file is cut into pieces, records and their lines are the same', async (t) => {
  const text = '\r\na,b\r\n"x ""y""\r\nz",\r\n\r\n 5" disk ,"",\r"",\n';
  const expected = [
    { line: 2, cells: ['a', 'b'] },
    { line: 3, cells: ['x "y"\r\nz', ''] },
    { line: 6, cells: [' 5" disk ', '', ''] },
    { line: 7, cells: ['', ''] },
  ];
  for (let size = 1; size <= text.length; size++) {
    const scanner = new CsvScanner();
    const records = [];
    for (let start = 0; start < text.length; start += size)
      records.push(...scanner.push(text.slice(start, start + size)));
    records.push(...scanner.end());
    t.same(records, expected, `pieces of ${size}`);
  }
});

t.test('names and cells that mean something to JavaScript mean nothing here', async (t) => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const folder = t.testdir({
    'header.csv': `model,${names.join(',')}\nm,1,2,x,\nn,3,4,y,5\n`,
    'cells.csv': `model,note\n${names.map((name) => `m,${name}`).join('\n')}\n`,
    'number.csv': 'model,T_gpu_ms\nm,constructor\n',
    'boolean.csv': 'model,amp\nm,__proto__\n',
  });
  const read = (name: string) => readRecords([path.join(folder, name)], { required: ['model'] });
  const { columns, rows } = await read('header.csv');
  t.same(columns, ['model', ...names]);
  t.same(Object.entries(rows[0]!), [
    ['model', 'm'],
    ['__proto__', 1],
    ['constructor', 2],
    ['toString', 'x'],
    ['hasOwnProperty', null],
  ]);
  t.equal(Object.getPrototypeOf(rows[1]!), Object.prototype);
  t.same(
    (await read('cells.csv')).rows.map((row) => row.note),
    names,
  );
  await t.rejects(read('number.csv'), { message: /'T_gpu_ms': expected a number, found 'constructor'/ });
  await t.rejects(read('boolean.csv'), { message: /'amp': expected True or False, found '__proto__'/ });
});

t.test('what is not CSV is refused with file, line and column', async (t) => {
  const long = 'x'.repeat(200);
  const cases: [name: string, contents: string | Buffer, message: RegExp][] = [
    ['open', 'a,b\n1,2\n3,"4\n5,6\n', /open\.csv, line 3, column 'b': the quote that opens here is not closed before/],
    ['text', 'a,b\n"1"2,3\n', /text\.csv, line 2, column 'a': text follows a closing quote/],
    ['header', 'a,"b\n', /header\.csv, line 1, column 2: the quote that opens here/],
    ['zeros', 'a,b\n1,2\n3,\0\0\0\0\n', /zeros\.csv, line 3, column 'b': a NUL character; the file is damaged/],
    [
      'latin1',
      Buffer.from('a,b\n1,caf\xe9\n', 'latin1'),
      /latin1\.csv, line 2, column 'b': a character that is not valid/,
    ],
    ['half', utf16('a,b\n1,2\n').subarray(0, -1), /half\.csv, line 2, column 'b': a character that is not valid text/],
    ['gzip', Buffer.from('1f8b0800000000000003', 'hex'), /gzip\.csv, line 1, column 1: a character that is not valid/],
    ['spaces', 'a, a \n1,2\n', /line 1: the column 'a' appears twice/],
    [
      'cut',
      'a,b,c\n1,2,3\n4,5',
      /cut\.csv, line 3: 2 cells where the header has 3, column 'c' is the first without one/,
    ],
    ['short', 'a,b,c\n1\n', /line 2: 1 cell where the header has 3, column 'b' is the first/],
    ['long', 'a\n1,2\n', /line 2: 2 cells where the header has 1, cell 2 has no column/],
    ['late', '\n\na,b,a\n', /line 3: the column 'a' appears twice/],
  ];
  const folder = t.testdir();
  for (const [name, contents, message] of cases) {
    const file = path.join(folder, `${name}.csv`);
    await writeFile(file, contents);
    await t.rejects(readCsv(file), { name: 'InputError', exitCode: 2, message }, name);
  }
  const semicolons = path.join(folder, 'semicolons.csv');
  await writeFile(semicolons, 'model;batch_size\nm;1\n');
  await t.rejects(readRecords([semicolons], { required: ['model'] }), {
    message: /'model' is missing; the file has model;batch_size; separate cells by commas, not by ';'/,
  });
  const capitals = path.join(folder, 'capitals.csv');
  await writeFile(capitals, 'Model,Batch Size\nm,1\n');
  await t.rejects(readRecords([capitals], { required: ['model', 'batch_size'] }), {
    message: /are missing; the file has Model, Batch Size; names must match to the letter, unlike Model, Batch Size\.$/,
  });
  const wide = path.join(folder, 'wide.csv');
  await writeFile(wide, `${Array.from({ length: 5000 }, (_, index) => `${long}${index}`).join(',')}\n`);
  const refusal = await readRecords([wide], { required: ['model'], everything: true }).catch((error: Error) => error);
  t.ok(refusal instanceof Error && refusal.message.length < 2000, 'the sentence stays short');
  const cell = path.join(folder, 'cell.csv');
  await writeFile(cell, `model,T_gpu_ms\nm,"1\n${long}"\n`);
  await t.rejects(readRecords([cell], { required: ['model'] }), { message: /found '1 x{58}…'\.$/ });
});

t.test('a folder, a pipe without a writer and a device are refused at once', async (t) => {
  const folder = t.testdir();
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await t.rejects(readCsv(pipe), { name: 'InputError', message: /pipe is a pipe or a device: write what it gives/ });
  await t.rejects(readCsv('/dev/zero'), { message: /^\/dev\/zero is a pipe or a device/ });
  await t.rejects(readCsv(folder), { message: /is a folder/ });
  await t.rejects(readCsv(path.join(folder, 'pipe', 'a.csv')), { message: /a part of its path is a file/ });
});

t.test('A 200 MB line without a line end, or after an open quote: refused early, with little memory', async (t) => {
  const folder = t.testdir();
  const cases = [
    [
      'line',
      200e6,
      'a,b\n1,2\n3,',
      'x',
      /line\.csv, line 3, column 'b': the record is longer than 1,048,576 characters/,
    ],
    ['quote', 200e6, 'a,b\n1,2\n3,"', 'x\n', /quote\.csv, line 3, column 'b': the quote that opens here is not closed/],
    ['commas', 8e6, 'a,b\n', ',', /commas\.csv, line 2, column \d+: the record is longer than/],
    ['first', 8e6, '', 'x', /first\.csv, line 1, column 1: the record is longer than/],
  ] as const;
  for (const [name, sizeBytes, beginning, filling, message] of cases) {
    const file = path.join(folder, `${name}.csv`);
    const handle = await open(file, 'w');
    const filler = Buffer.alloc(2 ** 22, filling);
    await handle.write(beginning);
    for (let written = 0; written < sizeBytes; written += filler.length) await handle.write(filler);
    await handle.close();
    const before = process.memoryUsage().rss;
    await t.rejects(readCsv(file), { name: 'InputError', message }, name);
    const grownBytes = process.memoryUsage().rss - before;
    t.ok(grownBytes < 100e6, `${name}: ${Math.round(grownBytes / 1e6)} MB more`);
  }
});
