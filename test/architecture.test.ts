import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { rules } from './architecture/rules.ts';

const ROOT = join(import.meta.dirname, '..');

const tree = new Map<string, string>();
for (const top of ['src', 'native', 'test']) {
  for (const entry of readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })) {
    const path = `${top}/${entry}`;
    if (/\.(ts|cc|h)$/.test(path) && !path.startsWith('native/build/')) {
      tree.set(path, readFileSync(join(ROOT, path), 'utf8'));
    }
  }
}

t.ok(tree.size > 5, 'the tree was read');
for (const [name, rule] of Object.entries(rules)) {
  t.same(
    rule(tree).map(({ path, message }) => `${path} ${message}`),
    [],
    name,
  );
}
