#!/usr/bin/env node
// `npx mcc` in a checkout: the bundle, on the Node that the packages bring. Plain JavaScript, because it may be
// started by an older Node, which it replaces.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const program = join(root, 'dist/mcc.js');
const node = join(root, 'node_modules/.bin/node');

if (!existsSync(program) || !existsSync(node)) {
  console.error(`mcc: not built yet; run \`npm ci\` in ${root}`);
  process.exitCode = 1;
} else if (Number.parseInt(process.versions.node, 10) >= 24) {
  await import(program);
} else {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {}); // a terminal sends it to both
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}
