import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the installed package (where package.json, models/ and the addon are). */
export const packageRoot: string = (() => {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { name?: string };
      if (manifest.name === 'orion-bench') return folder;
    } catch {
      // no package.json here: look one folder up
    }
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('orion-bench: its own package.json was not found above its code');
    folder = parent;
  }
})();

const manifest = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };

export const orionVersion: string = manifest.version;

const require = createRequire(import.meta.url);

/** Version of the installed ONNX Runtime package. */
export function ortVersion(): string {
  return (require('onnxruntime-node/package.json') as { version: string }).version;
}

/** Where the ONNX Runtime package is, seen from the working directory: for commands that a user can paste. */
export function ortFolder(): string {
  return path.relative(process.cwd(), path.dirname(require.resolve('onnxruntime-node/package.json'))) || '.';
}
