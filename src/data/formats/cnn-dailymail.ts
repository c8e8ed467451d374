import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../base/errors.js';
import type { DatasetEntry } from '../catalogue.js';
import { noDamage } from '../damage.js';
import { blocksOf, fileBytes } from '../files.js';
import { LineScanner } from '../line-scanner.js';
import { RangeIndex, type RangeSamples, readHeader } from '../ranges.js';
import type { StoredSamples } from '../training-set.js';
import { csvCells } from './csv-cells.js';

/** Names of the training file, by format; the first that is there is read. */
export const cnnDailyMailFiles = { jsonLines: 'train.jsonl', csv: 'train.csv' } as const;

const newline = 0x0a;
const quote = 0x22;
const longestLineEnd = 2;
const sides = ['article', 'highlights'] as const;

/**
 * CNN/DailyMail 3.0.0: `train.jsonl` with an object {article, highlights, id} a line, or `train.csv` with these columns in
 * any order, whose quoted cells may run over several lines. Opening the set only finds where its lines or rows begin; each is
 * parsed when the sample is prepared.
 */
export function readCnnDailyMail(entry: DatasetEntry, folder: string): StoredSamples {
  const candidates = Object.values(cnnDailyMailFiles).map((name) => path.join(folder, name));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (!file) throw new InputError(`Neither ${candidates.join(' nor ')} is there: get one from ${entry.source}.`);
  const index = path.extname(file) === '.csv' ? csvRows(file) : filledLines(file);
  const content = index.finish([file]);
  return { samples: index.samples, labels: null, content, bytes: fileBytes(file), damage: noDamage() };
}

/** How the texts of a record are had: `[article, highlights]`. Throws InputError where a CSV's header lacks one. */
export function cnnDailyMailTexts(content: RangeSamples): (record: string) => string[] {
  return path.extname(content.paths[0]!) === '.csv' ? csvTexts(content) : jsonTexts;
}

function jsonTexts(record: string): string[] {
  const article = JSON.parse(record) as Record<string, unknown> | null;
  return sides.map((side) => {
    const text = article?.[side];
    if (typeof text !== 'string') throw new Error(`it has no text '${side}'`);
    return text;
  });
}

function csvTexts(content: RangeSamples): (record: string) => string[] {
  const header = csvCells(new TextDecoder().decode(readHeader(content)));
  const columns = sides.map((side) => header.indexOf(side));
  if (columns.includes(-1)) {
    throw new InputError(`${content.paths[0]} has the columns ${header.join(', ')}, not ${sides.join(' and ')}.`);
  }
  return (record) => {
    const cells = csvCells(record);
    if (cells.length !== header.length) throw new Error(`it has ${cells.length} cells instead of ${header.length}`);
    return columns.map((column) => cells[column]!);
  };
}

/** Lines that are not blank. */
function filledLines(file: string): RangeIndex {
  const index = new RangeIndex();
  const line = new LineScanner(file);
  while (line.advance()) {
    if (line.isBlank) continue;
    index.begin(line.number);
    index.range(line.start, line.length);
  }
  return index;
}

/** Rows after the header; they end at newlines outside quotes. */
function csvRows(file: string): RangeIndex {
  const index = new RangeIndex();
  let quoted = false;
  let offset = 0;
  let line = 1;
  let row = { start: 0, line };
  const end = () => {
    const length = offset - row.start;
    if (row.start > 0 && length > longestLineEnd) {
      index.begin(row.line);
      index.range(row.start, length);
    }
    row = { start: offset, line };
  };
  for (const block of blocksOf(file, 1 << 20)) {
    for (let at = 0; at < block.length; at++) {
      offset++;
      if (block[at] === quote) quoted = !quoted;
      else if (block[at] === newline) {
        line++;
        if (!quoted) end();
      }
    }
  }
  end();
  return index;
}
