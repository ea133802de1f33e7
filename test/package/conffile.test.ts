// /etc/mcc/mcc.yaml of the package: all comment, and right once the marks are taken away.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { defaultConfig, readConfig } from '../../src/host/daemon/config.ts';

const CHECKOUT = join(import.meta.dirname, '../..');
const text = readFileSync(join(CHECKOUT, 'packaging/deb/mcc.yaml'), 'utf8');

t.test('changes nothing as it comes, and names every key', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'mcc.yaml');
  writeFileSync(path, text);
  t.same(await readConfig(path), defaultConfig());
  writeFileSync(path, text.replaceAll(/^#(?! \S)/gm, ''));
  await t.resolves(readConfig(path));
  const documented = readFileSync(join(CHECKOUT, 'docs/configuration.md'), 'utf8').matchAll(/^\| `(\w+)`/gm);
  for (const [, key] of documented) t.match(text, new RegExp(`^#${key}:`, 'm'));
});
