import { spawnSync } from 'node:child_process';

/** Looks modules up without importing them, which takes seconds for PyTorch: one that is there but broken fails its test. */
const probe = 'import sys, importlib.util as util\nsys.exit(None in map(util.find_spec, sys.argv[1:]))';

/**
 * A Python that has the given modules (Debian's packages install them for /usr/bin/python3), or the reason why there
 * is none: tests that compare with a Python library skip with it.
 */
export function pythonWith(...modules: string[]): { python: string; skip: false } | { python: null; skip: string } {
  for (const python of [process.env.ORION_PYTHON, 'python3', '/usr/bin/python3']) {
    if (python && spawnSync(python, ['-c', probe, ...modules], { stdio: 'ignore' }).status === 0) {
      return { python, skip: false };
    }
  }
  return {
    python: null,
    skip: `no Python with ${modules.join(', ')} here (Debian: python3-${modules.join(' python3-')})`,
  };
}

/** Runs a script given as text, feeding `input` on stdin; returns stdout. Throws with stderr if it fails. */
export function runPython(python: string, script: string, args: string[] = [], input = ''): string {
  return run(python, ['-c', script, ...args], input);
}

/** The same for a script in a file. */
export function runPythonFile(python: string, file: string, input: string): string {
  return run(python, ['-B', file], input);
}

function run(python: string, args: string[], input: string): string {
  const done = spawnSync(python, args, { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`python failed: ${done.stderr}`);
  return done.stdout;
}
