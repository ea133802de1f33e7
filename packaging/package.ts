// `npm run package`: mcc_VERSION_amd64.deb in the top folder, from the sources, the addon and the pinned Node alone.
// --out DIR: elsewhere; --version V: another one; --fast: larger, for tests.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { VERSION } from '../src/core/base/version.ts';
import { bundle } from './bundle.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './deb/completion.ts';
import { describeCommands } from './deb/describe.ts';
import { changelog, copyright, librariesOf, nodeLicense } from './deb/documents.ts';
import { configurationPage, programPage } from './deb/manual.ts';

const ROOT = join(import.meta.dirname, '..');
const DEB = join(import.meta.dirname, 'deb');
const NODE = join(ROOT, 'node_modules/node/bin/node');
const MAINTAINER = 'The mcc authors <mcc@mcc.invalid>';
const BYTES_MAX = 32 * 1_048_576;

interface Options {
  readonly folder: string;
  readonly version: string;
  readonly isFast: boolean;
}

/** Returns the path of the package. */
export async function buildPackage({ folder, version, isFast }: Options): Promise<string> {
  const stage = mkdtempSync(join(tmpdir(), 'mcc-package-'));
  try {
    const tree = join(stage, 'tree');
    const date = sourceDate();
    const inputs = await program(tree);
    system(tree);
    await documents(tree, inputs, version, date);
    control(tree, version);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `mcc_${version}_amd64.deb`);
    const compression = isFast ? ['-Zgzip', '-z1'] : ['-Zxz', '-z6'];
    run('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, path], {
      SOURCE_DATE_EPOCH: String(Math.floor(date.getTime() / 1000)),
    });
    const { size } = statSync(path);
    if (!isFast && size > BYTES_MAX) throw new Error(`${path} has ${size} bytes, more than ${BYTES_MAX}`);
    return path;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Returns the files that the bundle is made of. */
async function program(tree: string): Promise<string[]> {
  const folder = join(tree, 'usr/lib/mcc');
  const { outputFiles, metafile } = await bundle(folder);
  for (const { path, text } of outputFiles) put(path, text);
  put(join(folder, 'package.json'), '{ "type": "module" }\n');
  const strip = (from: string, to: string, mode: number) => {
    run('strip', ['--strip-unneeded', '--remove-section=.comment', '--remove-section=.note', '-o', to, from]);
    chmodSync(to, mode);
  };
  strip(NODE, join(folder, 'node'), 0o755);
  strip(join(ROOT, 'native/build/Release/mcc.node'), join(folder, 'mcc.node'), 0o644);
  put(join(tree, 'usr/bin/mcc'), read('mcc.sh'), 0o755);
  return Object.keys(metafile.inputs);
}

/** What systemd, polkit and resolved read, and the configuration. */
function system(tree: string): void {
  put(join(tree, 'usr/lib/systemd/system/mcc.service'), read('mcc.service'));
  put(join(tree, 'usr/lib/sysusers.d/mcc.conf'), read('mcc.sysusers'));
  put(join(tree, 'usr/lib/dnssec-trust-anchors.d/mcc.negative'), read('mcc.negative'));
  put(join(tree, 'usr/share/polkit-1/rules.d/mcc.rules'), read('mcc.rules'));
  put(join(tree, 'etc/mcc/mcc.yaml'), read('mcc.yaml'));
}

async function documents(
  tree: string,
  inputs: readonly string[],
  version: string,
  date: Date,
): Promise<void> {
  const share = join(tree, 'usr/share');
  const commands = await describeCommands();
  put(join(share, 'bash-completion/completions/mcc'), bashCompletion(commands));
  put(join(share, 'zsh/vendor-completions/_mcc'), zshCompletion(commands));
  put(join(share, 'fish/vendor_completions.d/mcc.fish'), fishCompletion(commands));
  const day = date.toISOString().slice(0, 10);
  const packed = (text: string) => gzipSync(text, { level: 9 });
  put(join(share, 'man/man1/mcc.1.gz'), packed(programPage(commands, version, day)));
  const configuration = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
  put(join(share, 'man/man5/mcc.yaml.5.gz'), packed(configurationPage(configuration, version, day)));
  const doc = join(share, 'doc/mcc');
  const libraries = librariesOf(ROOT, inputs);
  const nodeVersion = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  put(join(doc, 'copyright'), copyright(libraries, nodeVersion, '/usr/share/doc/mcc/node.txt.gz'));
  put(join(doc, 'node.txt.gz'), packed(nodeLicense(ROOT, nodeVersion)));
  const changes = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  put(join(doc, 'changelog.gz'), packed(changelog(changes, version, MAINTAINER, date)));
  put(join(share, 'lintian/overrides/mcc'), read('lintian-overrides'));
}

function control(tree: string, version: string): void {
  const files = filesOf(tree);
  const kilobytes = files.reduce((sum, file) => sum + Math.ceil(lstatSync(join(tree, file)).size / 1024), 0);
  const sums = files.map((file) => `${md5(join(tree, file))}  ${file}\n`).join('');
  const folder = join(tree, 'DEBIAN');
  for (const script of ['postinst', 'prerm', 'postrm']) put(join(folder, script), read(script), 0o755);
  put(join(folder, 'conffiles'), '/etc/mcc/mcc.yaml\n');
  put(join(folder, 'md5sums'), sums);
  put(
    join(folder, 'control'),
    [
      'Package: mcc',
      `Version: ${version}`,
      'Architecture: amd64',
      `Maintainer: ${MAINTAINER}`,
      `Installed-Size: ${kilobytes}`,
      `Depends: ${libraryPackages(tree)}, passwd`,
      'Recommends: libipsec-mb1, nftables, polkitd',
      'Suggests: systemd-resolved | dnsmasq',
      'Section: net',
      'Priority: optional',
      'Description: decentralised mesh VPN for a consortium',
      ' Hosts of several organisations form one encrypted network. There is no',
      ' central server of any kind: every organisation admits its own nodes, nodes',
      ' and services find each other by name through a distributed table, and',
      ' programs use them unmodified, over IPv6 and IPv4.',
      '',
    ].join('\n'),
  );
}

/** Packages of the shared libraries that runtime and addon are linked to. */
function libraryPackages(tree: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mcc-package-'));
  try {
    put(join(folder, 'debian/control'), 'Source: mcc\n\nPackage: mcc\nArchitecture: amd64\n');
    const programs = ['node', 'mcc.node'].flatMap((name) => ['-e', join(tree, 'usr/lib/mcc', name)]);
    const said = execFileSync('dpkg-shlibdeps', ['-O', '--warnings=0', ...programs], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return said.trim().slice('shlibs:Depends='.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same sources make the same package, byte for byte. */
function sourceDate(): Date {
  const told = process.env.SOURCE_DATE_EPOCH;
  if (told !== undefined) return new Date(Number(told) * 1000);
  const said = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' });
  return new Date(Number(said) * 1000);
}

function filesOf(tree: string): string[] {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .sort();
}

function put(path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

function read(name: string): string {
  return readFileSync(join(DEB, name), 'utf8');
}

function md5(path: string): string {
  return createHash('md5').update(readFileSync(path)).digest('hex');
}

function run(command: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  execFileSync(command, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
}

if (import.meta.main) {
  process.umask(0o022);
  const { values } = parseArgs({
    options: { out: { type: 'string' }, version: { type: 'string' }, fast: { type: 'boolean' } },
  });
  const folder = resolve(values.out ?? ROOT);
  const path = await buildPackage({
    folder,
    version: values.version ?? VERSION,
    isFast: values.fast === true,
  });
  process.stdout.write(`${path} ${(statSync(path).size / 1_048_576).toFixed(1)} MB\n`);
}
