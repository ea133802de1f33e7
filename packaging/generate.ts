// `npm run generate`: what is generated from native/batch.h, proto/ and the catalogue of errors and kept in the
// repository, so that a reader finds it and a build needs no generator. test/generated.test.ts compares it with what
// this file makes today.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorsPage } from '../src/host/api/errors-page.ts';
import { layoutModule } from './layout.ts';

const ROOT = join(import.meta.dirname, '..');

/** Generated files: path from the top of the checkout -> text. */
export function generate(): Map<string, string> {
  const { module, declarations } = protobufModule();
  return new Map([
    ['src/core/base/batch-layout.generated.ts', layoutModule(read('native/batch.h'))],
    ['src/core/wire/generated/proto.js', module],
    ['src/core/wire/generated/proto.d.ts', declarations],
    ['docs/errors.md', errorsPage()],
  ]);
}

function protobufModule(): { module: string; declarations: string } {
  const protos = readdirSync(join(ROOT, 'proto'))
    .filter((name) => name.endsWith('.proto'))
    .sort()
    .map((name) => join('proto', name));
  const folder = mkdtempSync(join(tmpdir(), 'mcc-generate-'));
  try {
    const out = join(folder, 'proto.js');
    const shape = ['--target', 'static-module', '--wrap', 'esm', '--force-number', '--dts'];
    const unused = ['--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service'];
    const pbjs = join(ROOT, 'node_modules/protobufjs-cli/bin/pbjs');
    execFileSync(process.execPath, [pbjs, ...shape, ...unused, '--out', out, ...protos], { cwd: ROOT });
    return {
      module: plainTypesOnly(readFileSync(out, 'utf8')),
      declarations: withoutLong(readFileSync(join(folder, 'proto.d.ts'), 'utf8')),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// protobufjs picks up Long and Buffer where it finds them, and its results would differ between the daemon and
// a pure environment: 64-bit fields as objects, bytes as views of Node's shared pool.
function plainTypesOnly(module: string): string {
  const importLine = 'import $protobuf from "protobufjs/minimal.js";\n';
  if (!module.includes(importLine)) throw new Error('pbjs no longer writes the import that this expects');
  const switchOff = [
    '',
    '// Numbers and Uint8Arrays everywhere, whatever the environment offers.',
    '$protobuf.util.Long = null;',
    '$protobuf.util.Buffer = null;',
    '$protobuf.configure();',
    '',
  ];
  return HEADING + module.replace(importLine, importLine + switchOff.join('\n'));
}

function withoutLong(declarations: string): string {
  return HEADING + declarations.replace('import Long = require("long");\n', '');
}

const HEADING = '// Generated from proto/ by `npm run generate`; change the .proto files instead.\n';

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

if (import.meta.main) {
  for (const [path, text] of generate()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
}
