// What Debian wants to read beside the program: whose work it is, and what changed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A package of npm whose code is in the bundle. */
export interface Library {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** Packages that these inputs of the bundle (paths from the top of the checkout) belong to. */
export function librariesOf(root: string, inputs: readonly string[]): Library[] {
  const folders = new Set<string>();
  for (const path of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const found = [...folders].map((folder) => library(join(root, folder)));
  const unique = new Map(found.map((one) => [`${one.name} ${one.version}`, one]));
  return [...unique.keys()].sort().map((key) => unique.get(key)!);
}

function library(folder: string): Library {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying)/i.test(file))
    .sort();
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const by = typeof author === 'object' ? author?.name : author;
  return {
    name,
    version,
    license: String(license),
    text: text || `Copyright ${by ?? `the authors of ${name}`}`,
  };
}

/** Packages with the same words are told once. The runtime's own text, which is long, lies beside this file. */
export function copyright(libraries: readonly Library[], nodeVersion: string, nodeText: string): string {
  const groups = Map.groupBy(libraries, ({ license, text }) => `${license}\n${text}`);
  return [
    'mcc, a decentralised mesh VPN for a consortium.',
    '',
    'Copyright: the authors of mcc',
    'License: Apache-2.0, in full in /usr/share/common-licenses/Apache-2.0',
    '',
    'This package holds the work of others as well, each under its own terms.',
    '',
    `/usr/lib/mcc/node is Node.js ${nodeVersion}, with OpenSSL, V8 and other libraries inside.`,
    'Copyright: Node.js contributors and others',
    `License: MIT and others, in full in ${nodeText}`,
    '',
    ...[...groups.values()].flatMap((group) => [
      RULE,
      `In /usr/lib/mcc/*.js: ${group.map(({ name, version }) => `${name} ${version}`).join(', ')}`,
      `License: ${group[0].license}`,
      '',
      apacheByReference(group[0].text),
      '',
    ]),
  ].join('\n');
}

const RULE = '-'.repeat(78);
const CHANGES_WIDTH = 74;

/** Debian wants that one told by its place. */
function apacheByReference(text: string): string {
  if (!/Apache License\s+Version 2\.0/.test(text)) return text;
  const owner = /^\s*Copyright (?!\[yyyy\]|notice|owner|license)[^\n]*\d{4}[^\n]*$/im.exec(text)?.[0].trim();
  return [owner, 'License text: /usr/share/common-licenses/Apache-2.0'].filter(Boolean).join('\n');
}

/** CHANGELOG.md in Debian's form: one entry per version. `version` is that of the package, `date` that of the source. */
export function changelog(markdown: string, version: string, maintainer: string, date: Date): string {
  const sections = markdown.split(/^## /m).slice(1);
  const stamp = date.toUTCString().replace('GMT', '+0000');
  return sections
    .map((section, index) => {
      const [title, ...lines] = section.split('\n');
      const name = index === 0 ? version : title.split(' ')[0];
      const points = lines.join('\n').split(/^- /m).slice(1);
      const text = points.map((point) => `  * ${wrap(point.split('\n\n')[0]).join('\n    ')}`);
      return `mcc (${name}) unstable; urgency=medium\n\n${text.join('\n')}\n\n -- ${maintainer}  ${stamp}\n`;
    })
    .join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (longer.length > CHANGES_WIDTH || lines.length === 0) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** Text of the licence of the runtime. npm brings it, but drops the package around it when it tidies up. */
export function nodeLicense(root: string, version: string): string {
  const name = `node-linux-${process.arch}`;
  const path = join(root, 'node_modules/node/node_modules', name, 'LICENSE');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'mcc-package-'));
  try {
    const words = [
      'install',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `${name}@${version}`,
    ];
    execFileSync('npm', [...words, '--prefix', folder], { stdio: 'pipe' });
    return readFileSync(join(folder, 'node_modules', name, 'LICENSE'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
