import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { packageRoot } from '#src/base/package.js';
import { pythonWith } from '../support/python.js';

function bench(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const script = path.join(packageRoot, 'scripts/bench/run.mjs');
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
}

t.test('wrong usage ends with one sentence that names the choices', async (t) => {
  const cases: [string[], RegExp][] = [
    [[], /^bench: Which bench\?.* one of .*step.*\n$/],
    [['stpe'], /^bench: bench does not know 'stpe' \(did you mean 'step'\?\): choose from .*step.*\n$/],
    [['step', '--cases', 'resmlp,resnet5O'], /^bench: --cases does not know 'resnet5O' \(did you mean 'resnet50'\?\)/],
    [['step', '--pairs', '0'], /^bench: --pairs takes a positive whole number, not 0\.\n$/],
    [['step', '--pears', '1'], /^bench: Unknown option '--pears'/],
  ];
  for (const [args, message] of cases) {
    const { status, stderr, stdout } = bench(args);
    t.equal(status, 2, args.join(' '));
    t.match(stderr, message);
    t.equal(stdout, '');
  }
  t.match(bench(['step', '--help']).stdout, /--pairs .*\(default: 7\)/);
});

/** A module of the bench, which has no types. */
const library = (name: string) => import(pathToFileURL(path.join(packageRoot, 'scripts/bench/lib', name)).href);

t.test('a missing peer is said, and how to get it', async (t) => {
  const { requirePython } = await library('python.mjs');
  t.throws(() => requirePython('json', 'no_such_module'), {
    exitCode: 3,
    message:
      /^The peer is missing: no Python here has json and no_such_module; .* apt install .*python3-no_such_module/,
  });
});

t.test('pairs alternate, and their ratios are summed up by median and quartiles', async (t) => {
  const { alternatingPairs, summarisePairs } = await library('pairs.mjs');
  const order: string[] = [];
  const side = (name: string, times: number[]) => async (pair: number) => {
    order.push(`${name}${pair}`);
    return times[pair];
  };
  const samples = await alternatingPairs(3, side('ours', [2, 6, 9]), side('peer', [4, 4, 10]));
  t.same(order, ['ours0', 'peer0', 'peer1', 'ours1', 'ours2', 'peer2']);
  // Ratios 0.5, 1.5, 0.9.
  const { quartiles, ...rest } = summarisePairs(samples, 'ms');
  t.same(rest, { ratio: 0.9, ours: 6, peer: 4, unit: 'ms', pairs: 3, samples: { ours: [2, 6, 9], peer: [4, 4, 10] } });
  t.same(
    quartiles.map((value: number) => value.toFixed(6)),
    ['0.700000', '1.200000'],
  );
});

t.test('the table shows what failed and what was skipped', async (t) => {
  const { caseTable } = await library('table.mjs');
  const done = { ratio: 0.5, ours: 1, peer: 2, unit: 'ms', pairs: 3, quartiles: [0.4, 0.625] };
  const machine = { cpu_model: 'CPU', allowed_cpus: 2, threads: 2 };
  const cases = [
    { name: 'slow', ratio: null, failed: 'no memory' },
    { name: 'loop', skipped: 'no loop device' },
    { name: 'net', ...done, columns: [['size', '7']] },
  ];
  t.same(caseTable({ bench: 'step', machine, cases }).split('\n'), [
    'step: CPU, 2 CPUs, 2 threads each side',
    'case  ratio  quartiles      ours      peer      pairs  size',
    'slow  failed: no memory',
    'loop  skipped: no loop device',
    'net   0.500  0.400 - 0.625  1.000 ms  2.000 ms  3      7',
  ]);
});

const { python, skip } = pythonWith('torch', 'numpy');

t.test('step: time and memory of a case, beside those of PyTorch', { skip, timeout: 120_000 }, async (t) => {
  const tiny = ['--batch', '2', '--depth', '1', '--pairs', '2', '--openblas-coretype', 'none'];
  const { status, stdout, stderr } = bench(['step', '--cases', 'resmlp', ...tiny, '--json'], {
    ORION_PYTHON: python!,
  });
  t.equal(status, 0, stderr);
  const { bench: name, machine, cases } = JSON.parse(stdout);
  t.equal(name, 'step');
  t.match(machine, { threads: 2, cpu_model: String, node_version: process.version, peer_versions: { torch: String } });
  t.equal(cases.length, 1);
  const [resmlp] = cases;
  t.match(resmlp, {
    name: 'resmlp',
    unit: 'ms',
    pairs: 2,
    openblas_coretype: 'none',
    config: { batchSize: 2, depth: 1, optimizer: 'AdamW' },
    // 64 patches of 192 values, D = 128, one block, 200 classes.
    parameters: 192 * 128 + 128 + (2 * 2 * 128 + 64 * 65 + 128 * 512 + 512 + 512 * 128 + 128) + 128 * 200 + 200,
  });
  const ratios = resmlp.samples.ours.map((ours: number, pair: number) => ours / resmlp.samples.peer[pair]);
  t.ok(Math.abs(resmlp.ratio - (ratios[0] + ratios[1]) / 2) < 1e-12, `ratio ${resmlp.ratio}: median of ${ratios}`);
  t.ok(resmlp.quartiles[0] <= resmlp.ratio && resmlp.ratio <= resmlp.quartiles[1]);
  const { memory } = resmlp;
  t.equal(memory.ratio, memory.ours / memory.peer);
  t.ok(memory.ours > machine.baseline_peak_bytes.ours && memory.peer > machine.baseline_peak_bytes.peer);
});
