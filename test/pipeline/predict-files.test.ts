import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import type { Row } from '#src/base/columns.js';
import { fitHybrid } from '#src/model/hybrid/fit.js';
import { predictHybrid } from '#src/model/hybrid/predict.js';
import { OutputFolder } from '#src/pipeline/output-folder.js';
import { predictBlocks } from '#src/pipeline/predict-blocks.js';
import { predictFiles } from '#src/pipeline/predict-files.js';
import { readPredictorRecords } from '#src/pipeline/predictor-rows.js';
import { NotInBlocks } from '#src/records/line-blocks.js';
import { readRecords } from '#src/records/read.js';
import { writeRecords } from '#src/records/write.js';
import { cards, rowsOf } from '../support/predictor-world.js';

const required = ['gpu_name', 'batch_size'];
const model = fitHybrid(cards.slice(0, 4).flatMap((card) => rowsOf(card, 40, { noise: 0.1 })));

/** Enough for several pieces of a file: 2,000 lines of 250 bytes. */
const manyRows = (): Row[] =>
  cards
    .flatMap((card) => rowsOf(card, 400, { seed: 5 }))
    .map((row, i) => ({
      ...row,
      note: i % 3 === 0 ? 'a "quoted", long\nnote' : `é ${i}`,
      vcpu: i % 2 === 0 ? null : 4,
      status: i % 7 === 0 ? 'failed' : 'ok',
    }));

/** Writes the rows, predicts the file, and gives the predictions beside the rows as they are read all at once. */
async function predicted(t: Test, rows: readonly Row[]) {
  const folder = t.testdir();
  const file = path.join(folder, 'rows.csv');
  await writeRecords(file, Object.keys(rows[0]!), rows);
  const out = new OutputFolder(path.join(folder, 'out'));
  const summary = await predictFiles(out, model, [file]);
  const { rows: table } = await readRecords([summary.file], { required: [], everything: true });
  t.equal(table.length, summary.rows);
  return { table, records: await readPredictorRecords([file], required, { includeEmulated: true }) };
}

t.test('a file gets, to the last bit, what its records get one by one', async (t) => {
  const { table, records } = await predicted(t, manyRows());
  t.equal(table.length, 2000 - Math.ceil(2000 / 7), 'failed trials are left out');
  for (const [i, row] of records.entries()) {
    const [single] = predictHybrid(model, [row]);
    const expected = {
      record_id: row.record_id,
      gpu_name: row.gpu_name,
      batch_size: row.batch_size,
      actual_ms: row.avg_batch_time_ms,
      pred_hybrid_ms: single!.ms,
      pred_hybrid_low_ms: single!.lowMs,
      pred_hybrid_high_ms: single!.highMs,
      bottleneck: single!.bottleneck,
      warnings: single!.warnings.join('; ') || null,
    };
    if (!t.match(table[i], expected, `record ${i}`)) return;
  }
});

t.test('one cell far down makes a column text, in all rows', async (t) => {
  const ms = async (rows: readonly Row[]) => (await predicted(t, rows)).table.map((row) => row.pred_hybrid_ms);
  const withoutCount = manyRows();
  const counted = (last: string | number) =>
    withoutCount.map((row, i) => ({ ...row, traffic_bytes_per_sample: i === withoutCount.length - 1 ? last : 3e8 }));
  const expected = await ms(withoutCount);
  t.strictNotSame(await ms(counted(3e8)), expected, 'a count of bytes has a say');
  t.strictSame(await ms(counted('many')), expected, 'no number, no count');
});

t.test('a mistake far down is told with its place, and nothing is left of the attempt', async (t) => {
  const rows = manyRows().map((row, i) => ({ ...row, note: `${i}`, status: 'ok' }));
  const cases: [change: Row, sentence: RegExp][] = [
    [{ batch_size: 'eight' }, /rows\.csv, line 1801, column 'batch_size': expected a whole number, found 'eight'/],
    [{ batch_size: null }, /rows\.csv, line 1801, column 'batch_size': a value is required, the cell is empty/],
    [{ num_classes: 'ten' }, /rows\.csv, line 1801, column 'num_classes': expected a whole number, found 'ten'/],
    [{ batch_size: -8 }, /Record 1800: batch_size must be a positive number, not '-8'/],
    [{ gpu_name: 'Nobody', SM: null }, /Record 1800: the GPU 'Nobody' is not in the catalogue and the record lacks SM/],
  ];
  for (const [change, sentence] of cases) {
    const folder = t.testdir();
    const file = path.join(folder, 'rows.csv');
    const changed = rows.map((row, i): Row => ({ num_classes: 10, ...row, ...(i === 1799 && change) }));
    await writeRecords(file, Object.keys(changed[0]!), changed);
    const out = new OutputFolder(path.join(folder, 'out'));
    await t.rejects(predictFiles(out, model, [file]), { name: 'InputError', message: sentence });
    t.same(readdirSync(out.path), []);
  }
});

t.test('threads predict block by block what one thread predicts in order', async (t) => {
  const folder = t.testdir();
  const rows = manyRows().map(
    (row, i): Row => ({ ...row, note: i % 5 === 0 ? 'a "quoted", long é' : 'plain '.repeat(20) }),
  );
  const files = ['a.csv', 'b.csv'].map((name) => path.join(folder, name));
  const unnamed = rows.map(({ record_id: _, ...row }): Row => row);
  await writeRecords(files[0]!, Object.keys(unnamed[0]!), unnamed);
  await writeRecords(files[1]!, Object.keys(rows[0]!), rows);
  const lines = readFileSync(files[1]!, 'utf8');
  const texts = [lines, `\ufeff${lines.replaceAll('\n', '\r\n')}`, `${lines.trimEnd()}`, `\n${lines}\n\n`];
  t.ok(lines.length > 3 * 2 ** 17, 'several blocks');
  for (const text of texts) {
    writeFileSync(files[1]!, text);
    const inOrder = await predictFiles(new OutputFolder(folder), model, files, { threads: 1 });
    const blocks = path.join(folder, 'blocks.csv');
    t.equal(await predictBlocks(blocks, model, files, 3), inOrder.rows);
    t.equal(readFileSync(blocks, 'utf8'), readFileSync(inOrder.file, 'utf8'));
  }
});

t.test('what cannot be told of a block by itself is left to be read in order, and nothing is written', async (t) => {
  const folder = t.testdir();
  const file = path.join(folder, 'rows.csv');
  const rows = manyRows().map((row): Row => ({ ...row, note: '' }));
  await writeRecords(file, Object.keys(rows[0]!), rows);
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const withLine = (line: string) => [...lines.slice(0, 1200), line, ...lines.slice(1200)].join('\n');
  const cases: [what: string, contents: string | Buffer][] = [
    ['a line end in quotes where a block ends', withLine(`"${'long\n'.repeat(2 ** 15)}"`)],
    ['a record that is too short', withLine('1,2')],
    ['a defect', withLine('"quoted" and not')],
    ['a line that is longer than a block', withLine('9'.repeat(2 ** 18))],
    ['another encoding', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['no record that is ok', `${lines[0]}\n`],
  ];
  for (const [what, contents] of cases) {
    writeFileSync(file, contents);
    const blocks = path.join(folder, 'blocks.csv');
    const failed = predictBlocks(blocks, model, [file], 2).then(
      () => 'it passed',
      (error: Error) => error,
    );
    const error = await failed;
    t.ok(error instanceof NotInBlocks || /has a header but no record/.test(String(error)), `${what}: ${error}`);
    t.same(readdirSync(folder), ['rows.csv']);
  }
});

t.test('a large file with a mistake far down gets the sentence of a small one', async (t) => {
  const folder = t.testdir();
  const file = path.join(folder, 'rows.csv');
  const padded = manyRows().map((row): Row => ({ ...row, note: 'x'.repeat(6000) }));
  await writeRecords(file, Object.keys(padded[0]!), padded);
  const text = readFileSync(file, 'utf8');
  t.ok(text.length > 8 * 2 ** 20, 'large enough for threads');
  writeFileSync(file, `${text}1,2\n`);
  const out = new OutputFolder(path.join(folder, 'out'));
  const message = /rows\.csv, line 2002: 2 cells where the header has/;
  await t.rejects(predictFiles(out, model, [file], { threads: 2 }), { name: 'InputError', message });
  t.same(readdirSync(out.path), []);
  writeFileSync(file, text);
  t.equal((await predictFiles(out, model, [file], { threads: 2 })).rows, 2000 - Math.ceil(2000 / 7));
});

t.test('several files are one table; a file without usable records is refused', async (t) => {
  const folder = t.testdir({
    'failed.csv': 'gpu_name,batch_size,status\nTesla T4,8,failed\n',
  });
  const files = ['a.csv', 'b.csv'].map((name) => path.join(folder, name));
  const rows = manyRows().map(({ record_id: _, ...row }): Row => row);
  await writeRecords(
    files[0]!,
    ['note', ...Object.keys(rows[0]!).filter((name) => name !== 'note')],
    rows.slice(0, 30),
  );
  await writeRecords(files[1]!, Object.keys(rows[0]!), rows.slice(30, 60));
  const out = new OutputFolder(folder);
  const { file } = await predictFiles(out, model, files);
  const ids = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',')[0]);
  t.same(
    ids.slice(1).map(Number),
    Array.from({ length: 51 }, (_, i) => i + 1),
    'records are counted through',
  );
  await t.rejects(predictFiles(out, model, [path.join(folder, 'failed.csv')]), {
    message: /none of the 1 records has the status ok/,
  });
});
