// A large file of records: those of a published file over and over, each time with another batch size.
import { createWriteStream } from 'node:fs';
import { readCsv } from '../../../dist/records/csv.js';

/** Columns that grow with the batch. */
const perBatch = /_per_batch$|^flops_matmul_exec$|^(bytes|flops)_\w+_exec$|^bytes_matmul_exec$/;
const blockCharacters = 2 ** 20;

const quoted = (text) => (/[,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Writes `count` records to `file`. No two of one GPU are of the same work, so that little can be remembered. */
export async function writeLargeFile(source, file, count) {
  const { header, records } = await readCsv(source);
  const [id, batch] = ['record_id', 'batch_size'].map((column) => header.indexOf(column));
  const output = createWriteStream(file);
  let text = `${header.map(quoted).join(',')}\n`;
  for (let i = 0; i < count; i++) {
    const { cells } = records[i % records.length];
    const batchSize = 1 + Math.floor(i / records.length);
    const factor = batchSize / Number(cells[batch]);
    const changed = cells.map((cell, column) => {
      if (column === id) return `row-${i}`;
      if (column === batch) return String(batchSize);
      return cell !== '' && perBatch.test(header[column])
        ? String(Number((cell * factor).toPrecision(9)))
        : quoted(cell);
    });
    text += `${changed.join(',')}\n`;
    if (text.length < blockCharacters) continue;
    if (!output.write(text)) await new Promise((resolve) => output.once('drain', resolve));
    text = '';
  }
  await new Promise((resolve, reject) => output.end(text, (error) => (error ? reject(error) : resolve())));
}
