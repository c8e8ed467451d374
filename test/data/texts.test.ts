import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t, { type Test } from 'tap';
import { sampleDecoder } from '#src/data/decode.js';
import { csvCells } from '#src/data/formats/csv-cells.js';
import { sampleTexts } from '#src/data/formats/texts.js';
import { openTrainingSet } from '#src/data/open.js';
import { prepareDatasets } from '#src/data/prepare.js';
import { sampleName, storedBytes, type TrainingSet } from '#src/data/training-set.js';
import { pythonWith, runPython } from '../support/python.js';

function writeFiles(root: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function textsOf(set: TrainingSet): (readonly string[])[] {
  const texts = sampleTexts(set);
  return Array.from({ length: set.samples }, (_, index) => texts(storedBytes(set, index)));
}

/** Token ids of a pair: source and target. */
function encodedPair(
  t: Test,
  set: TrainingSet,
  index: number,
  sourceTokens: number,
  targetTokens: number,
  vocabularySize: number,
) {
  const shape = {
    kind: 'text-pair',
    sequenceLength: sourceTokens,
    targetLength: targetTokens - 1,
    vocabularySize,
  } as const;
  const decoder = sampleDecoder(set, shape);
  t.equal(decoder.labelElements, targetTokens);
  const inputs = new ArrayBuffer(2 * sourceTokens * 8);
  const labels = new ArrayBuffer(2 * targetTokens * 8);
  decoder.decode(storedBytes(set, index), inputs, 1, labels);
  const ids = (buffer: ArrayBuffer) => [...new BigInt64Array(buffer)].map(Number);
  t.ok([...ids(inputs).slice(0, sourceTokens), ...ids(labels).slice(0, targetTokens)].every((id) => id === 0));
  return [ids(inputs).slice(sourceTokens), ids(labels).slice(targetTokens)];
}

t.test('IMDB: a review a file, tags and punctuation apart, negative before positive', async (t) => {
  const root = t.testdir();
  writeFiles(root, {
    'aclImdb/train/pos/0_9.txt': 'Great film!<br /><br />"Great," he said.',
    'aclImdb/train/pos/12_10.txt': "It's fine<br/>really",
    'aclImdb/train/neg/3_1.txt': 'Bad.',
    'aclImdb/train/neg/urls.html': 'no review',
    'aclImdb/train/unsup/0_0.txt': 'has no class',
  });
  const set = openTrainingSet(root, 'IMDB');
  t.same([...set.labels!], [0, 1, 1]);
  t.same(
    set.content.paths.map((file) => path.basename(file)),
    ['3_1.txt', '0_9.txt', '12_10.txt'],
  );
  t.same(
    textsOf(set).map(([text]) => text!.split(/\s+/).filter(Boolean)),
    [
      ['Bad', '.'],
      ['Great', 'film', '!', '"', 'Great', ',', '"', 'he', 'said', '.'],
      ["It's", 'fine', 'really'],
    ],
  );
  // Twice: . " great; the rest by alphabet.
  t.same(set.vocabularies[0]!.slice(0, 4), ['"', '.', 'great', '!']);
});

t.test('WMT14: line n translates line n, a vocabulary for each side', async (t) => {
  const root = t.testdir();
  writeFiles(root, {
    'wmt14.en-de/train.de': 'das Haus\n \nein Haus ist das Haus\r\nja\nnur Deutsch\n',
    'wmt14.en-de/train.en': 'the house\nempty\na house is the house\n\nonly German',
  });
  const set = openTrainingSet(root, 'WMT14');
  const [source, target] = ['de', 'en'].map((side) => path.join(root, `wmt14.en-de/train.${side}`));
  t.same(textsOf(set), [
    ['das Haus', 'the house'],
    ['ein Haus ist das Haus', 'a house is the house'],
    ['nur Deutsch', 'only German'],
  ]);
  t.same(set.damage, { count: 2, first: `${source}, line 2 is empty` });
  t.equal(set.labels, null);
  t.equal(set.bytes, readFileSync(source!).length + readFileSync(target!).length);
  t.equal(sampleName(set, 1), 'train.de of WMT14, line 3');
  t.same(set.vocabularies, [
    ['haus', 'das', 'deutsch', 'ein', 'ist', 'nur'],
    ['house', 'the', 'a', 'german', 'is', 'only'],
  ]);
  // Source ids from 2 (haus), target ids from 4 (house) between start 2 and end 3; 'ist' and 'a' do not fit into 6 ids.
  t.same(encodedPair(t, set, 0, 4, 6, 6), [
    [3, 2, 0, 0],
    [2, 5, 4, 3, 0, 0],
  ]);
  t.same(encodedPair(t, set, 1, 4, 4, 6), [
    [5, 2, 1, 3],
    [2, 1, 4, 1],
  ]);

  writeFiles(root, { 'wmt14.en-de/train.en': 'the house\nempty\na house' });
  t.match(openTrainingSet(root, 'WMT14'), { samples: 2, damage: { count: 3 } });
  writeFiles(root, { 'wmt14.en-de/train.en': '' });
  t.throws(() => openTrainingSet(root, 'WMT14'), {
    name: 'InputError',
    message: `${path.join(root, 'wmt14.en-de')} holds no whole training sample: ${target} ends before line 1 of ${source}.`,
  });
});

t.test('lines longer and shorter than what is read at once', async (t) => {
  const root = t.testdir();
  // 4 MiB are read at once: lines that end at, before and beyond that, with their bytes in the next read.
  const lengths = [(4 << 20) - 1, 5, 9 << 20, 4, (4 << 20) - 8, 3];
  const line = (length: number, letter: string) => letter.repeat(length);
  writeFiles(root, {
    'wmt14.en-de/train.de': lengths.map((length) => `${line(length, 'a')}\n`).join(''),
    'wmt14.en-de/train.en': lengths.map((_, index) => line(index + 1, 'b')).join('\r\n'),
  });
  const set = openTrainingSet(root, 'WMT14');
  t.same(
    textsOf(set).map((pair) => pair.map((text) => text.length)),
    lengths.map((length, index) => [length, index + 1]),
  );
});

t.test('the vocabulary of a large set comes from every k-th text', async (t) => {
  const root = t.testdir();
  // Five pairs of twice 2 MiB are 20 MiB: one in two is counted, and 16 MiB are enough.
  const word = (letter: string, pair: number) => letter.repeat(62) + pair;
  const side = (letter: string) =>
    [0, 1, 2, 3, 4].map((pair) => `${word(letter, pair)} `.repeat((2 << 20) / 64)).join('\n');
  writeFiles(root, { 'wmt14.en-de/train.de': side('d'), 'wmt14.en-de/train.en': side('e') });
  t.same(openTrainingSet(root, 'WMT14').vocabularies, [
    [word('d', 0), word('d', 2), word('d', 4)],
    [word('e', 0), word('e', 2), word('e', 4)],
  ]);
});

const articles = [
  {
    id: '1a',
    article: 'LONDON (CNN) -- "Yes," she said.\nA second line, with a comma.',
    highlights: 'She said yes .\nTwice .',
  },
  { id: '2b', article: 'Größe, naïve; \u2014 "quoted ""twice"""', highlights: ',' },
  { id: '3c', article: '"', highlights: 'ends with a quote "' },
];

t.test('CNN/DailyMail: JSON lines and CSV hold the same articles', async (t) => {
  const lines = articles.map((article) => JSON.stringify(article)).join('\n\n');
  const root = t.testdir({ json: { cnn_dailymail: { 'train.jsonl': `${lines}\n` } }, csv: { cnn_dailymail: {} } });
  const json = openTrainingSet(path.join(root, 'json'), 'CNNDM');
  t.equal(json.samples, 3);
  t.equal(sampleName(json, 1), 'train.jsonl of CNNDM, line 3', 'empty lines count as lines');
  const spread = (texts: readonly string[]) => texts.map((text) => text.split(/\s+/).filter(Boolean).join(' '));
  t.same(spread(textsOf(json)[0]!), [
    'LONDON ( CNN ) -- " Yes , " she said . A second line , with a comma .',
    'She said yes . Twice .',
  ]);

  const { python, skip } = pythonWith('csv', 'json');
  await t.test('as Python writes and reads them', { skip }, async (t) => {
    const file = path.join(root, 'csv/cnn_dailymail/train.csv');
    for (const header of ['id,article,highlights', 'article,highlights,id']) {
      for (const end of ['\\r\\n', '\\n']) {
        const script = `import sys, csv, json
columns = sys.argv[2].split(',')
with open(sys.argv[1], 'w', newline='') as file:
    writer = csv.DictWriter(file, columns, lineterminator='${end}')
    writer.writeheader()
    writer.writerows(json.load(sys.stdin))`;
        runPython(python!, script, [file, header], JSON.stringify(articles));
        const csv = openTrainingSet(path.join(root, 'csv'), 'CNNDM');
        t.same(textsOf(csv), textsOf(json), header);
        t.equal(sampleName(csv, 1), 'train.csv of CNNDM, line 5', 'the first row takes three lines');
      }
    }
    const twin = t.testdir();
    await prepareDatasets(twin, { samples: 40, datasets: ['CNNDM'] });
    const made = openTrainingSet(twin, 'CNNDM');
    const script = `import sys, json
rows = [json.loads(line) for line in open(sys.argv[1])]
print(json.dumps([[len(row['article'].split()), len(row['highlights'].split()), len(row['id'])] for row in rows]))`;
    const read = JSON.parse(runPython(python!, script, [made.content.paths[0]!])) as [number, number, number][];
    const words = (text: string) => text.replaceAll(' . ', ' ').split(/\s+/).filter(Boolean).length;
    t.same(
      read.map(([article, highlights]) => [article, highlights]),
      textsOf(made).map((pair) => pair.map(words)),
    );
    t.ok(read.every(([, , id]) => id === 40));
  });
});

t.test('cells of a CSV row', async (t) => {
  t.same(csvCells('a,,"b, ""c""\r\nd",\r\n'), ['a', '', 'b, "c"\r\nd', '']);
  t.same(csvCells('"",x'), ['', 'x']);
  for (const row of ['a,"b', 'a,b"c"', '"a"b,c']) t.throws(() => csvCells(row), /is not CSV/, row);
});
