// What is generated and kept in the repository is what the generator makes of its sources today.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { generate } from '../packaging/generate.ts';
import { layoutModule } from '../packaging/layout.ts';

const ROOT = join(import.meta.dirname, '..');

t.test('generated files are up to date (else: npm run generate)', async (t) => {
  for (const [path, text] of generate()) t.equal(readFileSync(join(ROOT, path), 'utf8'), text, path);
});

t.test('the layout generator keeps values, names and remarks', async (t) => {
  const header = [
    'namespace mcc {',
    '// Bits.',
    'constexpr uint32_t MASK = 0xf;  // low ones',
    'enum Kind : uint32_t {',
    '  KIND_RAW_DATA = 1,  // as it came',
    '  KINDS = 2,',
    '};',
    '}  // namespace mcc',
  ];
  t.match(
    layoutModule(header.join('\n')),
    [
      '// Bits.',
      'export const MASK = 0xf; // low ones',
      '',
      'export const Kind = {',
      '  rawData: 1, // as it came',
      '  kinds: 2,',
      '} as const;',
    ].join('\n'),
  );
});

t.test('the layout generator refuses what it does not understand', async (t) => {
  t.throws(() => layoutModule('constexpr uint64_t WIDE = 1;'), /batch\.h:1/);
  t.throws(() => layoutModule('enum Kind : uint32_t {\n  KIND_A,\n};'), /batch\.h:2/);
});
