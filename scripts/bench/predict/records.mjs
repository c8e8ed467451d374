// A large file of records: those of a published file over and over, each time with another batch size.
import { readCsv } from '../../../dist/records/csv.js';
import { writeTableBatches } from '../../../dist/records/write.js';

/** Columns that grow with the batch. */
const perBatch = /_per_batch$|^flops_matmul_exec$|^(bytes|flops)_\w+_exec$|^bytes_matmul_exec$/;

/** Writes `count` records to `file`. No two of one GPU are of the same work, so that little can be remembered. */
export async function writeLargeFile(source, file, count) {
  const { header, records } = await readCsv(source);
  await writeTableBatches(file, header, repetitions(header, records, count));
}

/** Batches of as many rows as there are records, each with a batch size larger by one. */
function* repetitions(header, records, count) {
  for (let first = 0, batchSize = 1; first < count; first += records.length, batchSize++) {
    yield records
      .slice(0, count - first)
      .map(({ cells }, i) =>
        withBatchSize(Object.fromEntries(header.map((name, j) => [name, cells[j]])), batchSize, first + i),
      );
  }
}

function withBatchSize(row, batchSize, number) {
  const factor = batchSize / Number(row.batch_size);
  for (const [column, cell] of Object.entries(row)) {
    if (cell !== '' && perBatch.test(column)) row[column] = Number((cell * factor).toPrecision(9));
  }
  row.batch_size = batchSize;
  if ('record_id' in row) row.record_id = `row-${number}`;
  return row;
}
