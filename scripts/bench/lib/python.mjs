// The Python of the peers.
import { spawnSync } from 'node:child_process';
import { MissingDeviceError } from '../../../dist/base/errors.js';

/** A Python that has these modules, and their versions; throws MissingDeviceError where there is none. */
export function requirePython(...modules) {
  const probe = `import json, platform, ${modules.join(', ')}
print(json.dumps({"python": platform.python_version(), ${modules.map((name) => `"${name}": ${name}.__version__`).join(', ')}}))`;
  for (const python of [process.env.ORION_PYTHON, 'python3', '/usr/bin/python3']) {
    if (!python) continue;
    const { status, stdout } = spawnSync(python, ['-c', probe], { encoding: 'utf8' });
    if (status === 0) return { python, versions: JSON.parse(stdout) };
  }
  const packages = modules.map((name) => `python3-${name.toLowerCase()}`).join(' ');
  throw new MissingDeviceError(
    `The peer is missing: no Python here has ${modules.join(' and ')}; install it (Debian: apt install ${packages}), or ` +
      'name another Python in ORION_PYTHON.',
    { code: 'MISSING_ENGINE' },
  );
}
