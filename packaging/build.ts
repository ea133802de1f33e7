// Builds what the sources alone do not give: the addon (native/build/Release/mcc.node) and the bundle (dist/).
// `npm ci` runs it through "postinstall"; packaging/setup.sh runs `build.ts addon` or `build.ts bundle` when
// sources are newer; `build.ts sanitized` makes the addon of test/native/sanitize.test.ts. Quiet unless something fails.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { bundle, ENTRIES } from './bundle.ts';

const ROOT = join(import.meta.dirname, '..');
const ADDON = join(ROOT, 'native/build/Release/mcc.node');
const DIST = join(ROOT, 'dist');
const STALE_CHUNK_MS = 3_600_000;

/** `sanitized`: native/build/Debug/mcc.node with AddressSanitizer and UndefinedBehaviorSanitizer (native/binding.gyp). */
function buildAddon(sanitized = false): void {
  const missing = ['g++', 'make', 'python3'].filter(
    (tool) => spawnSync(tool, ['--version']).error !== undefined,
  );
  if (missing.length > 0) {
    fail(
      `the addon needs ${missing.join(', ')}: as root, run \`sh packaging/setup.sh\`, which installs them`,
    );
  }
  const { status, stdout, stderr } = spawnSync(
    'node-gyp',
    ['configure', 'build', '--directory=native', '--jobs=max', ...(sanitized ? ['--debug'] : [])],
    {
      cwd: ROOT,
      env: { ...process.env, ...headers() },
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  if (status !== 0) fail(`the addon did not build\n${stdout ?? ''}${stderr ?? ''}`);
  if (sanitized) return;
  // make leaves the file alone when nothing changed; setup.sh compares times.
  const now = new Date();
  utimesSync(ADDON, now, now);
}

/**
 * The headers come with the Node that runs npm where it brought them (one addon file serves every version of
 * Node-API from 20 on); otherwise node-gyp downloads those of the running version.
 */
function headers(): Record<string, string> {
  if (process.env.npm_config_nodedir !== undefined) return {};
  const outer = process.env.npm_node_execpath;
  const prefix = outer === undefined ? '/usr' : dirname(dirname(outer));
  const complete = ['node_api.h', 'openssl/evp.h'].every((name) =>
    existsSync(join(prefix, 'include/node', name)),
  );
  return complete ? { npm_config_nodedir: prefix } : {};
}

async function buildBundle(): Promise<void> {
  const { outputFiles } = await bundle(DIST);
  mkdirSync(DIST, { recursive: true });
  // Chunks first, entry points last, each in one step: a program that starts meanwhile is the old one or the new one.
  // Old chunks stay for a while, for the daemon that has not yet loaded them.
  const isEntry = (path: string) => Object.keys(ENTRIES).includes(basename(path, '.js'));
  outputFiles.sort((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)));
  for (const { path, text } of outputFiles) {
    const program = basename(path) === 'mcc.js';
    writeFileSync(`${path}.new`, program && !text.startsWith('#!') ? `#!/usr/bin/env node\n${text}` : text);
    chmodSync(`${path}.new`, program ? 0o755 : 0o644);
    renameSync(`${path}.new`, path);
  }
  link(join(ROOT, 'packaging/mcc.js'), join(ROOT, 'node_modules/.bin/mcc'));
  const current = new Set(outputFiles.map(({ path }) => path));
  for (const name of readdirSync(DIST)) {
    const path = join(DIST, name);
    if (!current.has(path) && statSync(path).mtimeMs < Date.now() - STALE_CHUNK_MS)
      rmSync(path, { recursive: true });
  }
}

// npx finds the program here. A "bin" in package.json would make npx install the checkout into its own cache, and
// run this build again, before the first command.
function link(program: string, name: string): void {
  rmSync(name, { force: true });
  symlinkSync(relative(dirname(name), program), name);
}

function fail(message: string): never {
  process.stderr.write(`mcc: ${message}\n`);
  process.exit(1);
}

const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes('addon')) buildAddon();
if (wanted.includes('sanitized')) buildAddon(true);
// esbuild has said what is wrong.
if (wanted.length === 0 || wanted.includes('bundle')) {
  await buildBundle().catch((error) =>
    fail(error.errors === undefined ? error.stack : 'the bundle did not build'),
  );
}
