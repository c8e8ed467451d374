import { writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { checkArchive } from '#src/data/archive.js';
import { datasetEntry } from '#src/data/catalogue.js';
import { checkDatasets } from '#src/data/check.js';

t.test('an archive is held against its published checksum', async (t) => {
  const root = t.testdir({ 'set.tar.gz': 'abc' });
  // RFC 1321, A.5: the MD5 of 'abc'.
  const archive = { file: 'set.tar.gz', md5: '900150983cd24fb0d6963f7d28e17f72' };
  t.equal(checkArchive(root, archive).state, 'whole');
  t.equal(checkArchive(root, { ...archive, file: 'other.tar.gz' }).state, 'absent');
  writeFileSync(path.join(root, 'set.tar.gz'), Buffer.alloc(3 << 20, 'abc'));
  t.equal(checkArchive(root, archive).state, 'differs');
});

t.test('a data set whose archive is broken is reported so, whether or not it is unpacked', async (t) => {
  const root = t.testdir({ 'cifar-10-binary.tar.gz': 'cut' });
  const entries = [datasetEntry('CIFAR10')];
  t.match(checkDatasets(root, { entries, thorough: true })[0], {
    state: 'damaged',
    archive: { state: 'differs' },
    problem: `${path.join(root, 'cifar-10-binary.tar.gz')} does not have the published MD5 c32a1d4ab5d03f1284b67883e8d87530: fetch it again.`,
  });
  t.match(checkDatasets(root, { entries })[0], { state: 'missing', archive: null });
});
