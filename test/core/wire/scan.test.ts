// The scan in front of the generated decoder: every limit, and that it allocates nothing.
import { join } from 'node:path';
import protobuf from 'protobufjs';
import t from 'tap';
import {
  CONTROL_MAX,
  GENESIS_MAX,
  INITIATION_PAYLOAD_MAX,
  PATH_TEST_MAX,
  PROTOBUF_DEPTH_MAX,
} from '../../../src/core/wire/limits.ts';
import {
  CHAIN,
  CONTROL,
  EPOCH,
  GENESIS,
  GUEST_CERTIFICATE,
  GUEST_INVITATION,
  HANDSHAKE_PAYLOAD,
  JOIN_TOKEN,
  MEMBER_CERTIFICATE,
  ORGANISATION_CERTIFICATE,
  PSEUDONYM,
  RECORD,
  REVOCATION,
  SIGNED_DOCUMENT,
  SIGNED_EPOCH,
  SIGNED_RECORD,
  SIGNED_REVOCATION,
  SIGNER_NOTICE,
  SIGNING_REQUEST,
  WANTED_SIGNER,
} from '../../../src/core/wire/rules.ts';
import { type FieldRule, type MessageRule, message, scan, uint } from '../../../src/core/wire/scan.ts';
import { decodeControl, WireError, type WireFault } from '../../../src/core/wire/wire.ts';

const PROTO = join(import.meta.dirname, '../../../proto');

function fault(act: () => unknown): WireFault | 'none' {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof WireError) return error.fault;
    throw error;
  }
}

t.test('the rules are those of the .proto files', async (t) => {
  const root = new protobuf.Root();
  for (const file of ['control', 'handshake', 'certificate']) root.loadSync(join(PROTO, `${file}.proto`));
  const seen = new Set<string>();
  const compare = (rule: MessageRule): void => {
    if (seen.has(rule.name)) return;
    seen.add(rule.name);
    const { fieldsArray } = root.lookupType(`mcc.${rule.name}`);
    const declared = Object.fromEntries(fieldsArray.map((field) => [field.id, shapeOf(field)]));
    const ruled = Object.fromEntries(
      Object.entries(rule.fields).map(([id, field]) => [id, ruleShape(field)]),
    );
    t.same(ruled, declared, rule.name);
    for (const field of Object.values(rule.fields)) if (field.type === 'message') compare(field.rule);
  };
  for (const rule of [
    CONTROL,
    HANDSHAKE_PAYLOAD,
    GENESIS,
    ORGANISATION_CERTIFICATE,
    MEMBER_CERTIFICATE,
    GUEST_CERTIFICATE,
    CHAIN,
    EPOCH,
    SIGNED_EPOCH,
    PSEUDONYM,
    GUEST_INVITATION,
    JOIN_TOKEN,
    WANTED_SIGNER,
    SIGNING_REQUEST,
    SIGNED_DOCUMENT,
    RECORD,
    SIGNED_RECORD,
    REVOCATION,
    SIGNED_REVOCATION,
    SIGNER_NOTICE,
  ])
    compare(rule);
  const declared = root.lookup('mcc') as protobuf.Namespace;
  const messages = declared.nestedArray.filter((nested) => nested instanceof protobuf.Type);
  t.same([...seen].sort(), messages.map(({ name }) => name).sort(), 'no message is without a rule');
});

function shapeOf(field: protobuf.Field): string {
  field.resolve();
  const list = field.repeated ? ' list' : '';
  if (field.resolvedType instanceof protobuf.Type) return `${field.resolvedType.name}${list}`;
  if (field.type === 'bytes' || field.type === 'string') return `${field.type}${list}`;
  return `number${list}`;
}

function ruleShape(field: FieldRule): string {
  if (field.type === 'uint') return 'number';
  if (field.type === 'packed') return 'number list';
  const list = field.count > 1 ? ' list' : '';
  if (field.type === 'message') return `${field.rule.name}${list}`;
  return `${field.type === 'text' ? 'string' : 'bytes'}${list}`;
}

t.test('control messages: what is refused', async (t) => {
  const record = [0x0a, 32, ...new Array(32).fill(1)];
  const cases: [string, number[], WireFault][] = [
    ['nothing', [], 'malformed'],
    ['other leading byte', [1, 0x0a, 0], 'malformed'],
    ['tag cut short', [0, 0x8a], 'truncated'],
    ['length behind the end', [0, 0x0a, 5, 8], 'truncated'],
    ['number cut short', [0, 0x0a, 2, 8, 0x80], 'truncated'],
    ['number of eleven bytes', [0, 0x0a, 12, 8, ...new Array(10).fill(0x80), 1], 'malformed'],
    ['number above 32 bits', [0, 0x0a, 6, 8, 0x80, 0x80, 0x80, 0x80, 0x10], 'tooLong'],
    ['field 0', [0, 2, 0], 'malformed'],
    ['group', [0, 0x63, 0x64], 'malformed'],
    ['wire type 6', [0, 0x66, 0], 'malformed'],
    ['wire type 7', [0, 0x67, 0], 'malformed'],
    ['number where bytes belong', [0, 0x08, 1], 'malformed'],
    ['bytes where a number belongs', [0, 0x0a, 2, 0x0a, 0], 'malformed'],
    ['two bodies', [0, 0x0a, 0, 0x12, 0], 'malformed'],
    ['one body twice', [0, 0x0a, 0, 0x0a, 0], 'tooComplex'],
    ['one number twice', [0, 0x0a, 4, 8, 1, 8, 2], 'tooComplex'],
    ['address of 3 bytes', [0, 0x1a, 5, 0x0a, 3, 1, 2, 3], 'truncated'],
    ['address of 5 bytes', [0, 0x1a, 7, 0x0a, 5, 1, 2, 3, 4, 5], 'malformed'],
    ['address of 17 bytes', [0, 0x1a, 19, 0x0a, 17, ...new Array(17).fill(1)], 'tooLong'],
    ['no address', [0, 0x1a, 2, 0x10, 5], 'truncated'],
    ['port 65536', [0, 0x1a, 10, 0x0a, 4, 1, 2, 3, 4, 0x10, 0x80, 0x80, 4], 'tooLong'],
    ['record without node ID', [0, 0x3a, 2, 0x0a, 0], 'truncated'],
    ['record with a name that is none', [0, 0x3a, 39, 0x0a, 37, ...record, 0x12, 1, 65], 'malformed'],
    ['record with a name that is no UTF-8', [0, 0x3a, 39, 0x0a, 37, ...record, 0x12, 1, 0xff], 'malformed'],
    ['record with a short organisation', [0, 0x3a, 39, 0x0a, 37, ...record, 0x1a, 1, 1], 'malformed'],
    ['33 records', [0, 0x3a, 66, ...new Array(33).fill([0x0a, 0]).flat()], 'truncated'],
  ];
  for (const [name, bytes, expected] of cases)
    t.equal(
      fault(() => decodeControl(Uint8Array.from(bytes))),
      expected,
      name,
    );
  t.equal(
    fault(() => decodeControl(new Uint8Array(PATH_TEST_MAX + 1))),
    'tooLong',
  );
  // Only tests of paths may be longer than other messages: here a body of a later version.
  const rest = CONTROL_MAX - 4;
  const long = [0, 0xa2, 0x06, (rest & 127) | 128, rest >> 7, ...new Array(rest).fill(0)];
  t.equal(
    fault(() => decodeControl(Uint8Array.from(long))),
    'tooLong',
  );
});

t.test('lists are counted while they are read', async (t) => {
  const list: MessageRule = {
    name: 'List',
    fields: { 1: { type: 'bytes', min: 0, max: 9, count: 32 } },
    closed: false,
  };
  const elements = (count: number) => Uint8Array.from(new Array(count).fill([0x0a, 0]).flat());
  t.equal(
    fault(() => scan(elements(32), list, 1000)),
    'none',
  );
  t.equal(
    fault(() => scan(elements(33), list, 1000)),
    'tooComplex',
  );
  const many = Uint8Array.from(new Array(513).fill([0x98, 0x06, 0]).flat());
  t.equal(
    fault(() => scan(many, list, 10_000)),
    'tooComplex',
    'unknown fields count too',
  );
  const packed: MessageRule = {
    name: 'Packed',
    fields: { 1: { type: 'packed', max: 9, count: 8 } },
    closed: false,
  };
  t.equal(
    fault(() => scan(Uint8Array.of(0x0a, 8, 1, 2, 3, 4, 5, 6, 7, 8), packed, 100)),
    'none',
  );
  t.equal(
    fault(() => scan(Uint8Array.of(0x0a, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9), packed, 100)),
    'tooComplex',
  );
  t.equal(
    fault(() => scan(Uint8Array.of(8, 1, 0x0a, 8, 1, 2, 3, 4, 5, 6, 7, 8), packed, 100)),
    'tooComplex',
  );
  t.equal(
    fault(() => scan(Uint8Array.of(8, 10), packed, 100)),
    'tooLong',
  );
});

t.test('depth is limited', async (t) => {
  const nested = (depth: number): MessageRule => ({
    name: `Level${depth}`,
    fields: depth === 0 ? { 1: uint() } : { 1: message(nested(depth - 1)) },
    closed: false,
  });
  const bytes = (depth: number): number[] =>
    depth === 0 ? [] : [0x0a, 2 * (depth - 1), ...bytes(depth - 1)];
  const deepest = PROTOBUF_DEPTH_MAX - 1;
  t.equal(
    fault(() => scan(Uint8Array.from(bytes(deepest)), nested(deepest), 100)),
    'none',
  );
  t.equal(
    fault(() => scan(Uint8Array.from(bytes(deepest + 1)), nested(deepest + 1), 100)),
    'tooComplex',
  );
});

t.test('a flood of hostile messages leaves memory where it was', async (t) => {
  const bombs = [
    Uint8Array.from([0, 0x3a, 0xc4, 8, ...new Array(546).fill([0x0a, 0]).flat()]),
    Uint8Array.from([0, ...new Array(366).fill([0x98, 0x06, 0]).flat()]),
    Uint8Array.from([0, 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, ...new Array(500).fill(0)]),
    new Uint8Array(CONTROL_MAX).fill(0x0a),
    new Uint8Array(INITIATION_PAYLOAD_MAX + GENESIS_MAX),
  ];
  const round = () => {
    for (const bomb of bombs) fault(() => decodeControl(bomb));
  };
  for (let i = 0; i < 2000; i++) round();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 10_000; i++) round();
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  t.ok(grown < 48, `${grown.toFixed(1)} MB more after 50,000`);
});
