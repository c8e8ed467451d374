import { readFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { Journal, type JournalEntry } from '#src/records/journal.js';

const trial = (id: string, time: number, family: JournalEntry['family'] = 'cnn'): JournalEntry => ({
  record_id: id,
  family,
  row: { record_id: id, avg_batch_time_ms: time, status: 'ok' },
  samples: { total_ms: [time - 1, time + 1] },
});

const lineOf = (entry: JournalEntry): string => `${JSON.stringify(entry)}\n`;

t.test('finished trials are there when the journal is opened again', async (t) => {
  const file = path.join(t.testdir(), 'trials.jsonl');
  const first = await Journal.open(file);
  t.same(first.entries, []);
  await first.append(trial('a', 10));
  await first.append(trial('b', 20, 'mlp'));
  t.equal(await readFile(file, 'utf8'), lineOf(trial('a', 10)) + lineOf(trial('b', 20, 'mlp')), 'before it is closed');
  await first.close();

  const second = await Journal.open(file);
  await second.append(trial('a', 11));
  t.same([...second.finishedIds], ['a', 'b']);
  t.same(second.rowsOf('cnn'), [trial('a', 11).row], 'of two lines with one id the later counts');
  t.same(second.rowsOf('transformer'), []);
  await second.close();
});

t.test('a torn last line is cut off and the next trial starts on a clean line', async (t) => {
  const whole = lineOf(trial('a', 10));
  const torn = lineOf(trial('b', 20));
  for (const tail of [torn.slice(0, 30), torn.slice(0, -1), '{"record_id":\n', '\0\0\0\n']) {
    const file = path.join(t.testdir({ 'trials.jsonl': whole + tail }), 'trials.jsonl');
    const journal = await Journal.open(file);
    t.same([...journal.finishedIds], ['a'], JSON.stringify(tail));
    await journal.append(trial('c', 30));
    await journal.close();
    t.equal(await readFile(file, 'utf8'), whole + lineOf(trial('c', 30)));
  }
});

t.test('a line that something else damaged costs its trial alone, and stays as it is', async (t) => {
  const contents = `${lineOf(trial('a', 10))}{"record_id":"b\n${lineOf(trial('c', 30))}not a trial\n${lineOf(trial('d', 40))}`;
  const file = path.join(t.testdir({ 'trials.jsonl': contents }), 'trials.jsonl');
  const journal = await Journal.open(file);
  t.same([...journal.finishedIds], ['a', 'c', 'd']);
  t.same(journal.damagedLines, [2, 4]);
  await journal.append(trial('b', 20));
  await journal.close();
  t.equal(await readFile(file, 'utf8'), contents + lineOf(trial('b', 20)));
});

t.test('what is no journal is refused, and left as it is', async (t) => {
  for (const contents of ['notes', 'notes\n', '{"name": "x"}\n{"name": "y"}\n']) {
    const file = path.join(t.testdir({ 'trials.jsonl': contents }), 'trials.jsonl');
    await t.rejects(Journal.open(file), { name: 'InputError', message: /trials\.jsonl is not a journal/ });
    t.equal(await readFile(file, 'utf8'), contents);
  }
});

t.test('the first line may be torn', async (t) => {
  for (const contents of ['{"rec', lineOf(trial('a', 10)).slice(0, 50), '\0'.repeat(4096)]) {
    const file = path.join(t.testdir({ 'trials.jsonl': contents }), 'trials.jsonl');
    const journal = await Journal.open(file);
    t.same(journal.entries, []);
    await journal.append(trial('b', 20));
    await journal.close();
    t.equal(await readFile(file, 'utf8'), lineOf(trial('b', 20)));
  }
});

const { reason } = nativeStatus();

t.test('a journal has one writer at a time', { skip: reason ? `no addon: ${reason}` : false }, async (t) => {
  const file = path.join(t.testdir(), 'trials.jsonl');
  const first = await Journal.open(file);
  t.equal(first.lockProblem, null);
  await first.append(trial('a', 10));
  await t.rejects(Journal.open(file), { name: 'InputError', exitCode: 2, message: /is in use by another process/ });
  await first.append(trial('b', 20));
  await first.close();
  const second = await Journal.open(file);
  t.same([...second.finishedIds], ['a', 'b']);
  await second.close();
});

t.test('a journal that cannot be written gives one sentence', async (t) => {
  const folder = t.testdir();
  const absent = path.join(folder, 'absent', 'trials.jsonl');
  await t.rejects(Journal.open(absent), {
    code: 'IO',
    message: /trials\.jsonl cannot be written: its folder does not exist/,
  });
});
