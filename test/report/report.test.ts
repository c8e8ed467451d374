import t from 'tap';
import type { Row } from '#src/base/columns.js';
import type { ResultHeader } from '#src/base/provenance.js';
import { countBottlenecks } from '#src/report/bottleneck.js';
import { escapeHtml, html } from '#src/report/html.js';
import { type ReportInputs, renderReport } from '#src/report/index.js';
import { formatValue, labelOf } from '#src/report/values.js';

const header: ResultHeader = {
  tool: 'orion-bench',
  orion_version: '0.1.0',
  ort_version: '1.30.0',
  node_version: 'v20.0.0',
  command: ['report', '--out', 'a b'],
  started_at: '2026-01-02T03:04:05.000Z',
  machine: {
    cpu_model: 'EPYC 9654',
    logical_cpus: 2,
    memory_bytes: 8 * 1024 ** 3,
    kernel: '6.1.0',
    architecture: 'x64',
  },
  devices: ['CPU'],
  clocks: { trials: 'CLOCK_MONOTONIC_RAW' },
  obtained: { trials: 'measured: 20 iterations' },
};

const trial = (model: string, ms: number, bottleneck: 'gpu' | 'host', more: Row = {}): Row => ({
  model,
  dataset: 'CIFAR10',
  batch_size: 32,
  optimizer: 'SGD',
  precision: 32,
  vcpu: 4,
  storage: 'NVME',
  avg_batch_time_ms: ms,
  T_gpu_ms: ms * 0.75,
  T_cpu_io_ms: ms * 0.25,
  loader_ratio: 0.25,
  bottleneck,
  data: 'real',
  timing: 'real',
  status: 'ok',
  ...more,
});

const nothing: ReportInputs = { header, documents: [], families: [], figures: [], leftOut: [] };

/** The text of the cells of each row of the table with this caption. */
function rowsOf(page: string, caption: string): string[][] {
  const table = page.split('<table>').find((part) => part.includes(`<caption>${caption}</caption>`));
  if (!table) return [];
  return [...table.split('</table>')[0]!.matchAll(/<tr>(.*?)<\/tr>/gs)]
    .map(([, row]) => [...row!.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell]) => cell!))
    .filter((cells) => cells.length > 0);
}

t.test('a page of nothing but a machine says what is missing', async (t) => {
  const page = renderReport({
    ...nothing,
    documents: [{ title: 'GPU', content: null }],
    families: [{ family: 'cnn', records: [], tables: null }],
    leftOut: [{ name: 'rmse-cnn', reason: 'run rmse first' }],
  });
  t.match(page, /^<!doctype html>\n<html lang="en">/);
  t.match(page, /GPU: not measured in this run/);
  t.match(page, /CNN: no trial was measured/);
  t.match(page, /CNN: not evaluated/);
  t.match(page, /rmse-cnn: run rmse first/);
  t.strictSame(
    rowsOf(page, 'This machine').find(([name]) => name === 'memory bytes'),
    ['memory bytes', '8 GiB'],
  );
  t.match(page, /orion-bench report --out a b/);
  t.equal(renderReport({ ...nothing }), renderReport({ ...nothing }), 'the same every time');
});

t.test('tables: fastest and slowest, failures with their reason, RMSE', async (t) => {
  const records = [
    ...[5, 3, 11, 7, 1, 9, 2, 4, 12, 6, 8, 10].map((ms) => trial('resnet50', ms, 'gpu')),
    trial('vgg16', 0, 'host', { status: 'failed', reason: 'out of memory', avg_batch_time_ms: null, batch_size: 4096 }),
  ];
  const tables = {
    family: 'cnn' as const,
    overall: [
      { model: 'resnet50', RMSE_ORION_ms: 4.066, RMSE_PreNeT_ms: 15.94, 'Improvement_%': 74.49, RMSE_hybrid_ms: 3.04 },
    ],
    configurations: [
      {
        model: 'resnet50',
        vcpu: 8,
        storage: 'SSD',
        RMSE_ORION_ms: 2,
        RMSE_PreNeT_ms: 1,
        'Improvement_ORION_vs_PreNeT_%': -100,
      },
    ],
    predictions: [],
  };
  const page = renderReport({ ...nothing, families: [{ family: 'cnn', records, tables }] });
  const times = (caption: string) => rowsOf(page, caption).map((cells) => cells[7]);
  t.strictSame(times('CNN: fastest of 12 trials, times in ms'), ['1.00', '2.00', '3.00', '4.00', '5.00']);
  t.strictSame(times('CNN: slowest of 12 trials, times in ms'), ['12.0', '11.0', '10.0', '9.00', '8.00']);
  t.match(rowsOf(page, 'CNN: trials without a result')[0], [
    'vgg16',
    'CIFAR10',
    '4096',
    'SGD',
    '32',
    '4',
    'NVME',
    'failed',
    'out of memory',
  ]);
  t.strictSame(rowsOf(page, 'CNN: RMSE by model'), [['resnet50', '4.07', '15.9', '74.5%', '3.04']]);
  t.strictSame(rowsOf(page, 'CNN: RMSE by model, workers and storage'), [
    ['resnet50', '8', 'SSD', '2.00', '1.00', '-100.0%', ''],
  ]);
});

t.test('bottlenecks are counted over measured trials, and explained', async (t) => {
  const families = [
    {
      family: 'mlp' as const,
      records: [
        trial('resmlp', 5, 'host'),
        trial('resmlp', 5, 'gpu'),
        trial('mixer', 5, 'host'),
        trial('mixer', 5, 'host', { status: 'failed' }),
      ],
      tables: null,
    },
  ];
  t.strictSame(countBottlenecks(families), [
    { family: 'MLP', model: 'resmlp', trials: 2, hostBound: 1 },
    { family: 'MLP', model: 'mixer', trials: 1, hostBound: 1 },
  ]);
  t.match(
    renderReport({ ...nothing, families }),
    /2 of 3 trials were host-bound\.<\/strong> In those, feeding data is the limit/,
  );
  const onlyDevice = [{ ...families[0]!, records: [trial('resmlp', 5, 'gpu')] }];
  t.match(
    renderReport({ ...nothing, families: onlyDevice }),
    /0 of 1 trials were host-bound\.<\/strong> The device is the limit/,
  );
});

t.test('what is synthetic or emulated is said on top', async (t) => {
  const records = [trial('resmlp', 5, 'gpu', { data: 'synthetic' }), trial('resmlp', 5, 'gpu', { timing: 'emulated' })];
  const page = renderReport({ ...nothing, families: [{ family: 'mlp', records, tables: null }] });
  const top = page.slice(0, page.indexOf('<nav'));
  t.match(top, /<strong>Synthetic data:<\/strong> MLP 1 of 2 trials/);
  t.match(top, /<strong>Emulated accelerator:<\/strong> MLP 1 of 2 trials/);
  const real = renderReport({
    ...nothing,
    families: [{ family: 'mlp', records: [trial('resmlp', 5, 'gpu')], tables: null }],
  });
  t.notMatch(real, /Synthetic data|Emulated accelerator/);
});

t.test('everything from outside is escaped', async (t) => {
  const hostile = `<script>alert('x')</script><img src=x onerror="y"> & \u0000`;
  const page = renderReport({
    header: {
      ...header,
      command: [hostile],
      devices: [hostile],
      obtained: { [hostile]: hostile },
      clocks: { [hostile]: hostile },
      machine: { ...header.machine, cpu_model: hostile },
    },
    documents: [
      {
        title: hostile,
        content: { [hostile]: hostile, findings: [{ [hostile]: hostile }], nested: { [hostile]: [hostile] } },
      },
    ],
    families: [
      {
        family: 'cnn',
        records: [
          trial(hostile, 5, 'gpu', { dataset: hostile }),
          trial(hostile, 5, 'gpu', { status: 'failed', reason: hostile }),
        ],
        tables: {
          family: 'cnn',
          overall: [{ model: hostile, RMSE_ORION_ms: 1, RMSE_PreNeT_ms: 2, 'Improvement_%': 50 }],
          configurations: [],
          predictions: [],
        },
      },
    ],
    figures: [{ name: hostile, title: hostile, caption: hostile, svg: '<svg viewBox="0 0 244.8 100"><g/></svg>' }],
    leftOut: [{ name: hostile, reason: hostile }],
  });
  t.notMatch(page, /<script|<img|onerror="/i);
  t.notOk(page.includes('\u0000'));
  t.match(page, /&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;/);
  t.equal(escapeHtml(`<a href="b">'&`), '&lt;a href=&quot;b&quot;&gt;&#39;&amp;');
  t.equal(html`<p title="${'"'}">${['<', html`<br>`, null, 1]}</p>`.text, '<p title="&quot;">&lt;<br>1</p>');
});

t.test('figures are inline, described, and the page asks for nothing from outside', async (t) => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="504" height="200" viewBox="0 0 504 200"><g id="drawn"/></svg>';
  const page = renderReport({
    ...nothing,
    figures: [{ name: 'rmse-cnn', title: 'Error', caption: 'By model', svg }],
  });
  t.match(page, /<figure id="rmse-cnn" class="wide">/);
  t.match(page, /<svg role="img" aria-label="Error\. By model" viewBox="0 0 504 200"[^>]*><g id="drawn"\/><\/svg>/);
  t.match(page, /<figcaption><strong>Error\.<\/strong> By model<\/figcaption>/);
  t.notMatch(page, /https?:|\/\/\w|<link|<script|@import|src=/);
  t.match(page, /prefers-color-scheme: dark/);
  t.match(page, /@media print/);
  const headings = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  t.equal(headings.filter((level) => level === 1).length, 1);
  t.ok(
    headings.every((level, index) => index === 0 || level - headings[index - 1]! <= 1),
    'no level is skipped',
  );
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  t.equal(new Set(ids).size, ids.length, 'ids are unique');
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) t.ok(ids.includes(target), `#${target} is there`);
  t.throws(
    () => renderReport({ ...nothing, figures: [{ name: 'x', title: '', caption: '', svg: 'no figure' }] }),
    TypeError,
  );
});

t.test('result documents: units from the keys, lists of records as tables, headers left out', async (t) => {
  t.equal(formatValue(['copy_bytes_per_s', 'all_threads'], 1.9e10), '19.0 GB/s');
  t.equal(formatValue(['bytesPerSecond'], 8.2e8), '820 MB/s');
  t.equal(formatValue(['fp32_flops_per_s'], 1.234e11), '123 GFLOP/s');
  t.equal(formatValue(['blockBytes'], 4096), '4 KiB');
  t.equal(formatValue(['latencyNs', 'p50'], 120_000), '120 µs');
  t.equal(formatValue(['operationsPerSecond'], 200_321.1), '200,300 /s');
  t.equal(formatValue(['papers'], 7), '7');
  t.equal(formatValue(['direct'], true), 'yes');
  t.equal(formatValue(['engineReason'], null), '–');
  t.equal(labelOf(['latencyNs', 'p50']), 'latency p50');
  t.equal(labelOf(['copy_bytes_per_s', 'one_thread']), 'copy bytes per s one thread');
  t.equal(labelOf(['operations']), 'operations');
  t.equal(labelOf(['fp32PeakMs']), 'fp32 peak');
  const page = renderReport({
    ...nothing,
    documents: [
      {
        title: 'Storage',
        content: {
          tool: 'orion-bench',
          obtained: { results: 'measured with O_DIRECT' },
          folder: '/data',
          samplesNs: Array.from({ length: 100 }, () => 1),
          results: [
            { name: 'random 4k', bytesPerSecond: 5e8 },
            { name: 'sequential', bytesPerSecond: 2.5e9 },
          ],
        },
      },
    ],
  });
  t.strictSame(rowsOf(page, 'Storage'), [
    ['folder', '/data'],
    ['samples', '100 values'],
  ]);
  t.strictSame(rowsOf(page, 'Storage: results'), [
    ['random 4k', '500 MB/s'],
    ['sequential', '2.50 GB/s'],
  ]);
  t.match(rowsOf(page, 'Provenance of the numbers'), [
    ['This run', 'trials', 'measured: 20 iterations'],
    ['Storage', 'results', 'measured with O_DIRECT'],
  ]);
});
