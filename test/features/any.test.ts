import path from 'node:path';
import t, { type Test } from 'tap';
import { families, familyLabel, type Row } from '#src/base/columns.js';
import type { Frame } from '#src/features/frame.js';
import { orionFrame, orionMatrix } from '#src/features/orion.js';
import { prenetMatrix } from '#src/features/prenet.js';
import { readRecords } from '#src/records/read.js';
import { sharedFolder } from '../support/shared.js';

const { folder, skip } = sharedFolder('parity');
const fileOf = (family: (typeof families)[number]) => path.join(folder!, `${familyLabel[family]}.csv`);

t.test('rows of one family have the features of that family', { skip }, async (t) => {
  for (const family of families) {
    const own = await readRecords([fileOf(family)], { family, required: [] });
    const any = await readRecords([fileOf(family)], { required: [] });
    t.same(orionMatrix({ family: 'any', ...any }), orionMatrix({ family, ...own }), `${family}: orion`);
    t.same(prenetMatrix({ family: 'any', ...any }), prenetMatrix({ family, ...own }), `${family}: prenet`);
  }
});

/** What a column is called in the features of each family. */
const counterparts = {
  F_sample: { cnn: 'F_CNN_sample', mlp: 'F_MLP_sample', transformer: 'F_TR_seq' },
  F_batch: { cnn: 'F_CNN_batch', mlp: 'F_MLP_batch', transformer: 'F_TR_batch' },
  log_F_sample: { cnn: 'log_F_CNN_sample', mlp: 'log_F_MLP_sample', transformer: 'log_F_TR_seq' },
  amp: { cnn: 'amp', mlp: 'amp', transformer: 'amp' },
  mem_pressure: { cnn: 'mem_pressure', mlp: 'mem_pressure', transformer: 'mem_pressure' },
  roof_time_ms: { cnn: 'roof_time_ms', mlp: 'roof_time_ms', transformer: 'roof_time_ms' },
  tc_util_proxy: { cnn: 'tc_util_proxy', mlp: 'tc_util_proxy', transformer: 'tc_util_proxy' },
  eff_seq_len: { cnn: null, mlp: null, transformer: 'eff_seq_len' },
} as const;

t.test('mixed rows have the features of all families, each row with the values of its own', { skip }, async (t) => {
  const mixed = await readRecords(families.map(fileOf), { required: [] });
  const frame = orionFrame({ family: 'any', ...mixed });
  let first = 0;
  for (const family of families) {
    const own = orionFrame({ family, ...(await readRecords([fileOf(family)], { family, required: [] })) });
    for (const [name, names] of Object.entries(counterparts)) {
      const expected = names[family] === null ? new Float64Array(own.rows).fill(Number.NaN) : own.get(names[family])!;
      t.same(frame.get(name)!.subarray(first, first + own.rows), expected, `${family}: ${name}`);
    }
    first += own.rows;
  }
  t.equal(first, mixed.rows.length);
  const { names } = frame;
  const ofEach = ['flops_3x3_frac', 'token_mlp_dim', 'n_heads', 'architecture_MLP', 'architecture_Transformer'];
  for (const name of [...ofEach, 'gpu_arch_Hopper', 'arch_Hopper']) t.ok(names.includes(name), name);
  for (const column of ['avg_batch_time_ms', 'T_gpu_ms', 'tokens_per_sec']) t.notOk(names.includes(column), column);
});

const cellOf = (frame: Frame, name: string, row: number): number => frame.get(name)![row]!;

t.test('rows that say nothing of their family, or of one that nobody knows, are mixed', (t: Test) => {
  const row: Row = { gpu_name: 'NVIDIA L4', batch_size: 4, SM: 58, flops_train_per_batch: 400 };
  const rows: Row[] = [
    { ...row, architecture: 'GNN', flops_train_per_sample: 100, flops_train_per_seq: null, degree: 3 },
    { ...row, architecture: null, flops_train_per_sample: null, flops_train_per_seq: 50, degree: null },
  ];
  const frame = orionFrame({ family: 'any', columns: Object.keys(rows[0]!), rows });
  t.same([cellOf(frame, 'F_sample', 0), cellOf(frame, 'F_sample', 1)], [100, 50]);
  t.same([cellOf(frame, 'degree', 0), cellOf(frame, 'degree', 1)], [3, Number.NaN], 'an unknown column is kept');
  t.same(
    [cellOf(frame, 'amp', 0), cellOf(frame, 'tc_util_proxy', 0)],
    [0, 0],
    'no row says that it is mixed precision',
  );
  t.notOk(frame.names.includes('mem_pressure'), 'there are no activation bytes');
  t.end();
});
