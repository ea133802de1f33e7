// A test of the architecture test: a sound tree passes, and each rule fails on a tree that breaks it.
import t from 'tap';
import { rules, type Tree } from './rules.ts';

const SOUND: Readonly<Record<string, string>> = {
  'src/core/base/bytes.ts': 'export const empty = new Uint8Array(0);',
  'src/core/wire/limits.ts': "import { empty } from '../base/bytes.ts';\nexport const least = empty.length;",
  'src/core/session/session.ts':
    "import { least } from '../wire/limits.ts';\nimport type { Key } from './types.ts';\nexport const key: Key = least;",
  'src/core/session/types.ts':
    'export type Key = number; // Date, Promise and process in a comment are harmless',
  'src/core/node/node.ts':
    "import { key } from '../session/session.ts';\nexport const node = { Date: key, x: '.process' };",
  'src/host/api/types.ts': 'export type Status = { name: string };',
  'src/host/api/api.ts':
    "import { node } from '../../core/node/node.ts';\nexport const api = async () => node;",
  'src/cli/main.ts':
    "import type { Status } from '../host/api/types.ts';\nexport const print = (s: Status) => s;",
};

function found(rule: string, changes: Readonly<Record<string, string>>): string[] {
  const tree: Tree = new Map(Object.entries({ ...SOUND, ...changes }));
  return rules[rule](tree).map(({ path, message }) => `${path} ${message}`);
}

t.test('a sound tree breaks no rule', async (t) => {
  for (const name of Object.keys(rules)) t.same(found(name, {}), [], name);
});

// Rule, what breaks it, what the finding says.
const broken: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  [
    'imports point strictly down',
    { 'src/core/base/up.ts': "import '../wire/limits.ts';" },
    /base\/up\.ts imports .*core\/base \(0\) may not see core\/wire \(0\.5\)/,
  ],
  [
    'imports point strictly down',
    { 'src/core/path/path.ts': "import type { Key } from '../session/types.ts';" },
    /may not see core\/session/,
  ],
  [
    'imports point strictly down',
    { 'src/core/path/path.ts': "export let k: import('../session/types.ts').Key;" },
    /may not see core\/session/,
  ],
  [
    'imports point strictly down',
    { 'src/host/io/io.ts': "await import('../api/api.ts');" },
    /may not see host\/api/,
  ],
  ['imports point strictly down', { 'src/core/util/util.ts': '' }, /no room/],
  ['imports point strictly down', { 'src/stray.ts': '' }, /no room/],
  ['imports point strictly down', { 'src/sim/sim.ts': "import '../../test/x.ts';" }, /outside src/],
  [
    'a module is entered by its door',
    { 'src/core/node/node.ts': "import '../session/keys.ts';" },
    /past the doors/,
  ],
  [
    'a module is entered by its door',
    { 'src/core/node/node.ts': "export { x } from '../session/keys.ts';" },
    /past the doors/,
  ],
  [
    'no file imports itself in a circle',
    {
      'src/core/session/types.ts': "import type { a } from './a.ts';",
      'src/core/session/a.ts': "import { key } from './session.ts';",
    },
    /session\.ts -> .*types\.ts -> .*a\.ts -> .*session\.ts/,
  ],
  ['nothing exports *', { 'src/core/base/all.ts': "export * from './bytes.ts';" }, /export \*/],
  ['nothing exports *', { 'src/core/base/all.ts': "export * as bytes from './bytes.ts';" }, /export \* as/],
  ['core is pure', { 'src/core/base/x.ts': "import { readFileSync } from 'node:fs';" }, /imports node:fs/],
  ['core is pure', { 'src/core/base/x.ts': "import type { Socket } from 'net';" }, /imports net/],
  ['core is pure', { 'src/core/base/x.ts': '\nexport const now = () => Date.now();' }, /x\.ts:2 uses Date/],
  ['core is pure', { 'src/core/base/x.ts': 'export const r = () => Math.random();' }, /Math\.random/],
  ['core is pure', { 'src/core/base/x.ts': 'export async function f() {}' }, /uses async/],
  ['core is pure', { 'src/core/base/x.ts': 'export type Later = Promise<void>;' }, /uses Promise/],
  ['core is pure', { 'src/core/base/x.ts': 'setTimeout(() => {}, 1);' }, /uses setTimeout/],
  ['core is pure', { 'src/core/base/x.ts': 'const t = performance.now();' }, /uses performance/],
  ['core is pure', { 'src/core/base/x.ts': 'const e = process.env;' }, /uses process/],
  ['core is pure', { 'src/core/base/x.ts': 'const b = Buffer.alloc(1);' }, /uses Buffer/],
  ['core is pure', { 'src/core/base/x.ts': 'console.log(1);' }, /uses console/],
  [
    'the cli knows only REST types and base',
    { 'src/cli/main.ts': "import { api } from '../host/api/api.ts';" },
    /main\.ts imports src\/host\/api\/api\.ts/,
  ],
  ['files are short', { 'test/long.test.ts': 'x;\n'.repeat(501) }, /501 lines/],
  ['files are short', { 'native/src/long.cc': '\n'.repeat(501) }, /501 lines/],
  [
    'classes have few fields',
    { 'src/sim/sim.ts': `class Big {\n${Array.from({ length: 16 }, (_, i) => `f${i} = 0;`).join('\n')}\n}` },
    /Big has 16 fields/,
  ],
];

for (const [rule, changes, message] of broken) {
  t.test(`${rule}: ${message.source}`, async (t) => {
    const findings = found(rule, changes);
    t.equal(findings.length, 1);
    t.match(findings[0], message);
  });
}

t.test('every rule is shown to fail', async (t) => {
  t.same(new Set(broken.map(([rule]) => rule)), new Set(Object.keys(rules)));
});

t.test('generated files may be long', async (t) => {
  t.same(found('files are short', { 'src/core/wire/generated/proto.js': '\n'.repeat(900) }), []);
});
