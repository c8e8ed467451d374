import t from 'tap';
import { bytesServed } from '#src/measure/bytes-served.js';

const account = (readBytes: number, processBytes: number | null, deviceBytes: number | null = processBytes) => ({
  account: { readBytes, processBytes, deviceBytes },
  direct: false,
});
const nowhere = { memory: false, diskBytes: null };

t.test('who served the bytes, by the counters', async (t) => {
  const cases: [string, ReturnType<typeof account>, { memory: boolean; diskBytes: number | null }, object][] = [
    ['all from the device', account(1000, 1004), nowhere, { by: 'device', counter: 'process', differencePercent: 0.4 }],
    ['read ahead', account(1000, 4000), nowhere, { by: 'device', differencePercent: 300, sentence: /300 % more/ }],
    ['none', account(1000, 5), nowhere, { by: 'page cache', sentence: /the memory's speed, not the device's/ }],
    ['a part', account(1000, 600), nowhere, { by: 'device and page cache', sentence: /served 40 % of the bytes/ }],
    [
      'a loop device whose file is cached',
      account(1000, 1000),
      { memory: false, diskBytes: 0 },
      { by: 'page cache', differencePercent: 0 },
    ],
    ['disks that others read too', account(1000, 1000), { memory: false, diskBytes: 9000 }, { by: 'device' }],
    ['no count of the process', account(1000, null, 1010), nowhere, { by: 'device', counter: 'device' }],
    ['no counters', account(1000, null), nowhere, { by: 'unknown', counter: null, differencePercent: null }],
    ['a network', account(1000, 0, null), nowhere, { by: 'unknown' }],
    ['tmpfs', account(1000, 0, null), { memory: true, diskBytes: null }, { by: 'memory', sentence: /lies in memory/ }],
    ['nothing was read', account(0, 0), nowhere, { by: 'device', differencePercent: 0 }],
  ];
  for (const [name, measured, surroundings, expected] of cases) {
    t.match(bytesServed(measured, surroundings), expected, name);
  }
  const direct = { ...account(1000, 0), direct: true };
  t.match(bytesServed(direct, nowhere).sentence, /though O_DIRECT was asked for/);
});
