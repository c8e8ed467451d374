import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { packageRoot } from '#src/base/package.js';

const source = path.join(packageRoot, 'src');

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => path.join(folder, name));
}

/** room -> rooms it may import, from the table in ARCHITECTURE.md; "all above" means every room of an earlier row. */
function importRules(): Map<string, Set<string>> {
  const rules = new Map<string, Set<string>>();
  const table = readFileSync(path.join(packageRoot, 'ARCHITECTURE.md'), 'utf8');
  for (const [, room, allowed] of table.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|/gm)) {
    const named = [...allowed!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    rules.set(room!, new Set(allowed!.includes('all above') ? rules.keys() : named));
  }
  return rules;
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statements =
    /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;
  return [...text.matchAll(statements)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

t.test('every room of src/ has its row in ARCHITECTURE.md', async (t) => {
  const rooms = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  t.same(rooms.map((entry) => entry.name).sort(), [...importRules().keys()].sort());
});

t.test('a room imports only what ARCHITECTURE.md allows it', async (t) => {
  const rules = importRules();
  const breaches: string[] = [];
  let checked = 0;
  for (const file of filesBelow(source, /\.c?ts$/)) {
    const [room, inRoom] = path.relative(source, file).split(path.sep);
    if (inRoom === undefined) continue; // src/index.ts is the library's entry and sees every room
    for (const specifier of importsOf(file).filter((name) => name.startsWith('.'))) {
      const target = path.relative(source, path.resolve(path.dirname(file), specifier)).split(path.sep)[0]!;
      checked++;
      if (target !== room && !rules.get(room!)?.has(target)) {
        breaches.push(`${path.relative(packageRoot, file)} imports ${specifier}`);
      }
    }
  }
  t.ok(checked > 50, `${checked} imports looked at`);
  t.same(breaches, []);
});

t.test('engines do not see Node, and only the binding sees N-API', async (t) => {
  const native = path.join(packageRoot, 'native');
  const breaches = filesBelow(native, /\.(cc|h|cu|cuh)$/)
    .filter((file) => !path.relative(native, file).startsWith(`binding${path.sep}`))
    .filter((file) => /#include\s*[<"](napi|node|v8|uv)/.test(readFileSync(file, 'utf8')));
  t.same(breaches, []);
});
