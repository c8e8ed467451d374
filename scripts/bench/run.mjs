#!/usr/bin/env node
// Runs a bench: our time and a peer's for the same work, in alternation. Ends with a ratio per case: below 1 we are ahead.
// usage: npm run -s bench -- NAME [--cases A,B] [--pairs N] [--threads N] [--json] [options of the bench]
//        npm run -s bench -- NAME --help
// Exit codes: 0 done, 2 wrong usage, 3 the peer is missing, 4 finished, but some cases failed, 130 interrupted.
//
// A bench is a module beside this file that exports
//   summary   what is compared with what
//   caseNames its cases, in order
//   options   its own options, as util.parseArgs takes them, each with a `help`
//   defaults  (optional) of the common options, in place of those below
//   sides     (optional) what to call ours and the peer's in the table
//   prepare   ({ pairs, threads, values }) -> { machine, measure, conclude, close }: checks its options and looks for the
//             peer, throwing MissingDeviceError where it is missing; `machine` holds facts for the JSON beside those of
//             lib/machine.mjs, and `measure(name)` gives a case: what lib/pairs.mjs sums up, and whatever else the bench
//             has to say. Notes on a case are its `notes`; one that this machine cannot run has but `skipped`, the reason.
//             `conclude(cases)` (optional) sums up the cases that did not fail, in an object with a `text` for the table.
//             `close` (optional) gives back what was made; it is called once, on every way out
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
if (!existsSync(path.join(here, '../../dist/index.js'))) {
  console.error('bench: dist/ is not built: run `npm run build` first.');
  process.exit(2);
}
const { requireChoice, requirePositiveInteger } = await import('../../dist/base/checks.js');
const { InputError, messageOf, OrionError } = await import('../../dist/base/errors.js');
const { machineFacts } = await import('./lib/machine.mjs');
const { caseRows, caseTable } = await import('./lib/table.mjs');

const commonOptions = {
  cases: { type: 'string', help: 'cases to run, separated by commas (default: all)' },
  pairs: { type: 'string', default: '7', help: 'pairs of samples per case' },
  threads: { type: 'string', default: '2', help: 'threads on either side' },
  json: { type: 'boolean', default: false, help: 'one JSON document on stdout instead of the table' },
  help: { type: 'boolean', default: false, help: 'this text' },
};
const benchNames = readdirSync(here)
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs')
  .map((name) => name.slice(0, -'.mjs'.length));

function optionsOf(bench) {
  const common = Object.entries(commonOptions).map(([name, option]) => {
    const value = bench.defaults?.[name];
    return [name, value === undefined ? option : { ...option, default: value }];
  });
  return { ...Object.fromEntries(common), ...bench.options };
}

function helpOf(name, bench) {
  const lines = Object.entries(optionsOf(bench)).map(([option, { help, default: value }]) => {
    const shown = typeof value === 'string' ? ` (default: ${value})` : '';
    return `  --${option.padEnd(20)} ${help}${shown}`;
  });
  const cases = `cases: ${bench.caseNames.join(', ')}`;
  return [`npm run -s bench -- ${name} [options]`, '', bench.summary, '', ...lines, '', cases].join('\n');
}

function parse(bench, args) {
  try {
    return parseArgs({ args, options: optionsOf(bench) }).values;
  } catch (error) {
    throw new InputError(`${messageOf(error)} (--help lists the options)`);
  }
}

/** Each result goes to stderr as it comes: a run that is cut off has not been for nothing. */
async function measureCases(names, measure, sides) {
  const cases = [];
  for (const name of names) {
    process.stderr.write(`${name} ...\n`);
    try {
      const result = await measure(name);
      cases.push({ name, ...result });
      process.stderr.write(`${caseRows([{ name, ...result }], sides).join('\n')}\n`);
      for (const note of result.notes ?? []) process.stderr.write(`${name}: ${note}\n`);
    } catch (error) {
      cases.push({ name, ratio: null, failed: messageOf(error) });
      process.stderr.write(`${name} failed: ${messageOf(error)}\n`);
    }
  }
  return cases;
}

async function main([given, ...args]) {
  if (given === undefined || given.startsWith('-')) {
    throw new InputError(`Which bench? npm run -s bench -- NAME, where NAME is one of ${benchNames.join(', ')}.`);
  }
  const name = requireChoice(given, benchNames, 'bench');
  const bench = await import(`./${name}.mjs`);
  const values = parse(bench, args);
  if (values.help) {
    console.log(helpOf(name, bench));
    return 0;
  }
  const caseNames = values.cases?.split(',').map((one) => requireChoice(one, bench.caseNames, '--cases'));
  const pairs = requirePositiveInteger(Number(values.pairs), '--pairs');
  const threads = requirePositiveInteger(Number(values.threads), '--threads');

  const { machine, measure, conclude, close } = await bench.prepare({ pairs, threads, values });
  if (close) process.once('exit', close);
  const cases = await measureCases(caseNames ?? bench.caseNames, measure, bench.sides);
  const done = cases.filter(({ failed, skipped }) => !failed && !skipped);
  const result = {
    bench: name,
    machine: { ...machineFacts(), threads, ...machine },
    cases,
    ...(conclude && done.length > 0 && { conclusion: conclude(done) }),
  };
  console.log(values.json ? JSON.stringify(result, null, 2) : caseTable(result, bench.sides));
  return result.cases.some(({ failed }) => failed) ? 4 : 0;
}

// By way of the exit handlers.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OrionError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = error.exitCode;
}
