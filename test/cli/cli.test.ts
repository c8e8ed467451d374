import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import t from 'tap';
import { nativeStatus } from '#src/base/native.js';
import { orionVersion, packageRoot } from '#src/base/package.js';
import { probeProvider } from '#src/measure/providers.js';
import { type Environment, vulkanDriver } from '../support/vulkan.js';
import type { Outcome } from './main-process.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'orion-cli-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string) => path.join(folder, name);

const run = (...args: string[]) => runIn(process.env, ...args);

function runIn(env: Environment, ...args: string[]) {
  const done = spawnSync(process.execPath, [path.join(packageRoot, 'dist/cli/bin.cjs'), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { exit: done.status, stdout: done.stdout, stderr: done.stderr };
}

const resident = fork(path.join(packageRoot, 'dist-test/cli/main-process.js'), { cwd: folder });
t.teardown(() => resident.disconnect());

/** As `run`, one at a time, in a process that is there already. */
async function answer(args: string[]): Promise<Outcome> {
  resident.send(args);
  const [outcome] = (await once(resident, 'message')) as [Outcome];
  return outcome;
}

// Before the first test: tap ends, and tears down, when the file yields with no test pending.
const addon = nativeStatus();
const cuda = await probeProvider('cuda');
mkdirSync(inFolder('empty'));
writeFileSync(inFolder('file'), 'x');
writeFileSync(inFolder('short.csv'), 'model,batch_size\nresnet50,32\n');
writeFileSync(inFolder('ragged.csv'), 'model,batch_size\nresnet50\n');

t.test('help and version', async (t) => {
  const help = run('--help');
  t.equal(help.exit, 0);
  for (const command of [
    'run',
    'doctor',
    'host',
    'gpu',
    'storage',
    'data',
    'export',
    'generate',
    'rmse',
    'fit',
    'predict',
    'logo',
    'figures',
    'report',
    'completion',
  ]) {
    t.match(help.stdout, new RegExp(`orion-bench ${command}`), command);
  }
  t.match(run('storage', '--help').stdout, /--block-size/);
  t.same(run('--version'), { exit: 0, stdout: `${orionVersion}\n`, stderr: '' });
});

t.test('an argument that takes several values keeps them all', async (t) => {
  const { exit, stdout } = run('export', 'resmlp', 'mixer', '--json', '--out', inFolder('graphs'));
  t.equal(exit, 0);
  const { graphs } = JSON.parse(stdout) as { graphs: { description: { network: string } }[] };
  t.same(
    graphs.map(({ description }) => description.network),
    ['resmlp', 'mixer'],
  );
});

/**
 * What is typed, the exit code, what the one sentence says, why the case cannot be tried here, and the environment where it
 * matters: then the executable itself is run.
 */
const mistakes: { args: string[]; exit: number; says: RegExp; skip?: string | false; env?: Environment }[] = [
  { args: [], exit: 2, says: /Name a command/ },
  { args: ['genrate', 'cnn'], exit: 2, says: /generate/ },
  { args: ['doctor', '--colour'], exit: 2, says: /Unknown argument: colour/ },
  { args: ['doctor', '--out', inFolder('file')], exit: 2, says: /--out .*file: results cannot be written there/ },
  { args: ['doctor', '--out', 'a', '--out', 'b'], exit: 2, says: /--out is given 2 times: give it once/ },
  { args: ['export'], exit: 2, says: /at least 1/ },
  { args: ['export', 'rsenet50'], exit: 2, says: /'rsenet50'.*Did you mean resnet50/ },
  { args: ['export', 'resmlp', '--batch-size', '0'], exit: 2, says: /--batch-size takes a positive whole number/ },
  { args: ['export', 'resmlp', '--mode', 'infer'], exit: 2, says: /--mode.*'infer'.*training, inference/ },
  { args: ['export', 'resmlp', '--provider', 'tpu'], exit: 2, says: /--provider.*'tpu'.*webgpu/ },
  { args: ['export', 'resmlp', '--out', inFolder('file')], exit: 2, says: /--out .*file: results cannot be written/ },
  { args: ['generate', 'rnn'], exit: 2, says: /'rnn'.*cnn/ },
  { args: ['generate', 'cnn', '--models', 'rsenet50'], exit: 2, says: /rsenet50.*resnet50/ },
  { args: ['generate', 'cnn', '--datasets', 'TinyImagenet2'], exit: 2, says: /TinyImagenet2/ },
  { args: ['generate', 'cnn', '--batch-sizes', '0'], exit: 2, says: /--batch-sizes/ },
  { args: ['generate', 'cnn', '--workers', 'many'], exit: 2, says: /--workers/ },
  { args: ['generate', 'transformer', '--seq-len-wmt', '0'], exit: 2, says: /--seq-len-wmt takes a positive whole/ },
  { args: ['generate', 'cnn', '--seq-len-cnndm-tgt', '9'], exit: 2, says: /Transformer networks only/ },
  {
    args: ['generate', 'cnn', '--phases', 'cold'],
    exit: 2,
    says: /--phases does not know 'cold': choose from none, all/,
  },
  {
    args: ['generate', 'cnn', '--emulate', 'L4'],
    exit: 2,
    says: /--emulate GPU and --emulate-from FILE.* go together/,
  },
  { args: ['generate', 'cnn', '--emulate-ms', '-1'], exit: 2, says: /--emulate-ms takes a positive number, not -1/ },
  {
    args: ['generate', 'cnn', '--emulate-ms', '5', '--device', 'cpu'],
    exit: 2,
    says: /either --device or .* not both/,
  },
  { args: ['generate', 'cnn', '--emulate-ms', '5', '--emulate', 'L4'], exit: 2, says: /or --emulate-ms, not both/ },
  { args: ['generate', 'cnn', '--device', 'tpu'], exit: 2, says: /--device.*'tpu'.*cpu/ },
  { args: ['generate', 'cnn', '--data-root', inFolder('nothing'), '--device', 'cpu'], exit: 2, says: /data prepare/ },
  {
    args: ['generate', 'cnn', '--device', 'cuda'],
    exit: 3,
    says: /ONNXRUNTIME_NODE_INSTALL=cuda12/,
    skip: cuda.usable && 'CUDA is usable here',
  },
  {
    args: ['generate', 'cnn', '--device', 'webgpu'],
    exit: 3,
    says: /'webgpu' was asked for.*apt-get install libvulkan1/,
    env: vulkanDriver('/dev/null'),
  },
  { args: ['rmse', 'cnn', '--csv', inFolder('missing.csv')], exit: 2, says: /missing\.csv does not exist/ },
  {
    args: ['rmse', 'cnn', '--csv', inFolder('short.csv')],
    exit: 2,
    says: /short\.csv, line 1: the required columns? 'gpu_name'/,
  },
  {
    args: ['rmse', 'cnn', '--csv', inFolder('ragged.csv')],
    exit: 2,
    says: /ragged\.csv, line 2: 1 cell where the header has 2/,
  },
  {
    args: ['rmse', 'cnn', '--csv', inFolder('short.csv'), '--booster', 'trees=3'],
    exit: 2,
    says: /'trees' is not a hyper-parameter/,
  },
  { args: ['rmse', 'cnn', '--csv', inFolder('short.csv'), '--by', 'gpu'], exit: 2, says: /--by gpu/ },
  {
    args: ['rmse', 'cnn', '--csv', inFolder('short.csv'), '--folds-by', 'gpu'],
    exit: 2,
    says: /choose from row, group/,
  },
  {
    args: ['logo', 'cnn', '--csv', inFolder('short.csv')],
    exit: 2,
    says: /short\.csv, line 1: the required columns? 'gpu_name'/,
  },
  {
    args: ['rmse', 'any', '--csv', inFolder('short.csv')],
    exit: 2,
    says: /short\.csv, line 1: the required columns 'gpu_name', [^;]*'avg_batch_time_ms' are missing/,
  },
  { args: ['rmse', 'gnn', '--csv', 'a.csv'], exit: 2, says: /FAMILY.*'gnn'.*choose from cnn, mlp, transformer, any/ },
  { args: ['logo', 'cnn'], exit: 2, says: /csv/ },
  {
    args: ['logo', 'cnn', '--csv', 'a.csv', '--holdout', 'bus'],
    exit: 2,
    says: /choose from gpu, family, model, vcpu, storage/,
  },
  {
    args: ['logo', 'cnn', '--csv', 'a.csv', '--recipes', 'ours'],
    exit: 2,
    says: /--recipes.*orion, prenet, mean, roofline/,
  },
  { args: ['storage', inFolder('missing')], exit: 2, says: /missing cannot be read/ },
  { args: ['storage', '/dev/null'], exit: 2, says: /\/dev\/null/, skip: addon.reason ?? false },
  { args: ['storage', inFolder('file'), '--block-size', 'big'], exit: 2, says: /--block-size is 'big'/ },
  { args: ['storage', inFolder('file'), '--depth', '0'], exit: 2, says: /--depth takes a positive whole number/ },
  { args: ['host', '--time', '-1'], exit: 2, says: /--time takes a positive number/ },
  { args: ['data', 'fetch'], exit: 2, says: /'fetch'.*prepare, check/ },
  { args: ['figures', '--from', inFolder('nothing')], exit: 2, says: /no such folder/ },
  { args: ['figures', '--out', inFolder('empty')], exit: 2, says: /holds no records/ },
  { args: ['figures', '--from', inFolder('file')], exit: 2, says: /no such folder/ },
  { args: ['figures', '--formats', 'jpeg'], exit: 2, says: /'jpeg'.*svg, png, pdf/ },
  { args: ['report', '--out', inFolder('empty')], exit: 2, says: /nothing to report/ },
  {
    args: ['gpu'],
    exit: 3,
    says: /No CUDA device: /,
    skip: addon.reason ?? ((addon.addon?.gpu.inventory().devices.length ?? 0) > 0 && 'there is a GPU'),
  },
];

for (const { args, exit, says, skip, env } of mistakes) {
  const typed = ['orion-bench', ...args.map((arg) => path.basename(arg))].join(' ');
  t.test(`one sentence and exit code ${exit}: ${typed}`, { skip: skip ?? false }, async (t) => {
    const done = env ? runIn(env, ...args) : await answer(args);
    t.equal(done.exit, exit, 'exit code');
    t.match(done.stderr, says, 'the sentence');
    const sentences = done.stderr.split('\n').filter((line) => line.startsWith('orion-bench: '));
    t.equal(sentences.length, 1, 'one sentence');
    t.notMatch(done.stderr, /\n\s+at /, 'no stack');
    t.equal(done.stdout, '', 'nothing on stdout');
  });
}

t.test('the executable tells a mistake as that process does', async (t) => {
  const args = ['genrate', 'cnn'];
  t.same(run(...args), await answer(args));
});

t.test('--json prints one document on stdout and nothing else; --quiet silences progress', async (t) => {
  const done = run('doctor', '--json', '--quiet');
  t.equal(done.exit, 0);
  t.equal(done.stderr, '');
  const { findings } = JSON.parse(done.stdout) as { findings: { name: string; status: string }[] };
  t.match(
    findings.find((finding) => finding.name === 'ONNX Runtime cpu'),
    { status: 'ok' },
  );
});

/** A folder of results where the host has been measured already: a sweep on the CPU would take seconds for it. */
function measuredFolder(name: string): string {
  const host = inFolder('host');
  if (!existsSync(host)) run('host', '--time', '0.05', '--quiet', '--out', host);
  mkdirSync(inFolder(name));
  copyFileSync(path.join(host, 'host.json'), path.join(inFolder(name), 'host.json'));
  return inFolder(name);
}

/** Starts a command, sends SIGINT once stderr matches, and waits for its end. */
function interrupt(args: string[], when: RegExp): Promise<number | null> {
  const child = spawn(process.execPath, [path.join(packageRoot, 'dist/cli/bin.cjs'), ...args], { cwd: folder });
  let stderr = '';
  let sent = false;
  child.stdout.resume();
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (sent || !when.test(stderr)) return;
    sent = true;
    child.kill('SIGINT');
  });
  return new Promise((resolve) => child.on('close', resolve));
}

t.test('SIGINT during a storage measurement leaves no scratch file', { skip: addon.reason ?? false }, async (t) => {
  const target = inFolder('target');
  mkdirSync(target);
  const args = ['storage', target, '--pattern', 'rand', '--time', '60', '--buffered'];
  t.equal(await interrupt(args, /random 128k/), 130);
  t.same(readdirSync(target), []);
});

t.test(
  'SIGINT during a sweep ends after the trial; what was measured is on disk',
  { skip: addon.reason ?? false },
  async (t) => {
    t.equal(run('data', 'prepare', '--datasets', 'CIFAR100', '--samples', '32', '--quiet').exit, 0);
    const args = ['generate', 'mlp', '--preset', 'quick', '--datasets', 'CIFAR100', '--depth', '1', '--device', 'cpu'];
    const short = ['--embed-dims', '16', '--warmup', '0', '--measure', '1', '--phases', 'none'];
    t.equal(await interrupt([...args, ...short, '--out', measuredFolder('swept')], /mlp trials {2}1\//), 130);
    const lines = readFileSync(path.join(inFolder('swept'), 'MLP_CPU.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    t.ok(lines.length >= 2 && lines.length < 9, `${lines.length - 1} of 8 trials`);
    const journal = readFileSync(path.join(inFolder('swept'), 'trials.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    t.equal(journal.length, lines.length - 1);
  },
);

t.test('lengths of texts reach the records', { skip: addon.reason ?? false }, async (t) => {
  const root = inFolder('texts');
  const names = ['SST2', 'WMT14', 'CNNDM'];
  t.equal(run('data', 'prepare', '--data-root', root, '--datasets', ...names, '--samples', '4', '--quiet').exit, 0);
  const lengths = ['--seq-len-txt', '6', '--seq-len-wmt', '7', '--seq-len-cnndm-src', '9', '--seq-len-cnndm-tgt', '5'];
  // Precision 16 is not measured on the CPU: the records are complete but for the times.
  const sweep = [
    '--batch-sizes',
    '2',
    '--lrs',
    '1e-3',
    '--optimizers',
    'AdamW',
    '--precisions',
    '16',
    '--workers',
    '1',
  ];
  const args = [
    ...lengths,
    ...sweep,
    '--storage',
    'NVME',
    '--order',
    'listed',
    '--vocab-size',
    '12',
    '--device',
    'cpu',
    '--data-root',
    root,
  ];
  const models = ['--models', 'DistilBERT', 'Transformer', '--datasets', ...names];
  const done = run(
    'generate',
    'transformer',
    ...models,
    ...args,
    '--out',
    measuredFolder('lengths'),
    '--json',
    '--quiet',
  );
  t.equal(done.exit, 0, done.stderr);
  const { rows } = JSON.parse(done.stdout) as { rows: Record<string, unknown>[] };
  t.same(
    rows.map(({ dataset, src_len, tgt_len, vocab_size }) => [dataset, src_len, tgt_len, vocab_size]),
    [
      ['SST2', 6, null, 12],
      ['WMT14', 7, 7, 12],
      ['CNNDM', 9, 5, 12],
    ],
  );
});

t.test('data check: where to get what is missing, with its checksum, and archives that are broken', async (t) => {
  const root = inFolder('archives');
  mkdirSync(root);
  writeFileSync(path.join(root, 'stl10_binary.tar.gz'), 'half of it');
  const done = run('data', 'check', '--data-root', root);
  t.equal(done.exit, 0);
  const line = (name: string) => done.stdout.split('\n').find((row) => row.startsWith(`${name} `));
  t.match(
    line('CIFAR10'),
    /missing .*get it from https:.*cifar-10-binary\.tar\.gz +MD5 c32a1d4ab5d03f1284b67883e8d87530/,
  );
  t.match(line('STL10'), /damaged .*stl10_binary\.tar\.gz: MD5 is not 91f7769df0f17e558f3565bffb0c7dfb/);
  t.match(line('CNNDM'), /missing .*get it from https:/);
});

t.test('completion prints a script', async (t) => {
  const done = run('completion');
  t.equal(done.exit, 0);
  t.match(done.stdout, /orion-bench/);
});
