import * as fc from 'fast-check';
import t from 'tap';
import { serviceNameFault } from '../../../src/core/base/name.ts';
import { formatName, parseName } from '../../../src/core/discovery/discovery.ts';
import { idFromText, idToText } from '../../../src/core/identity/identity.ts';

const ID = idToText(new Uint8Array(32).fill(200));
const own = { organisation: undefined };

t.test('names and what they ask for', async (t) => {
  const hello = { kind: 'service', name: 'hello', ...own };
  const cases: [string, unknown][] = [
    ['hello', hello],
    ['hello.mcc', hello],
    ['HELLO.Mcc.', hello],
    ['hello.', hello],
    ['hello.acme', { kind: 'service', name: 'hello', organisation: 'acme' }],
    ['hello.acme.mcc', { kind: 'service', name: 'hello', organisation: 'acme' }],
    ['hello.mcc.mcc', { kind: 'service', name: 'hello', organisation: 'mcc' }],
    ['box.node', { kind: 'node', name: 'box', ...own }],
    ['box.node.mcc', { kind: 'node', name: 'box', ...own }],
    ['box.node.acme.mcc.', { kind: 'node', name: 'box', organisation: 'acme' }],
    [`${ID}.node`, { kind: 'nodeId', nodeId: idFromText(ID) }],
    [`${ID.toUpperCase()}.NODE.MCC`, { kind: 'nodeId', nodeId: idFromText(ID) }],
    [`${ID}.node.acme`, { kind: 'node', name: ID, organisation: 'acme' }],
    ['hello.box.node', { kind: 'endpoint', service: 'hello', node: 'box', ...own }],
    [`hello.${ID}.node.acme.mcc`, { kind: 'endpoint', service: 'hello', node: ID, organisation: 'acme' }],
    ['mcc', { kind: 'service', name: 'mcc', ...own }],
    ['a.b.c', undefined],
    ['a.b.node.c.d', undefined],
    ['', undefined],
    ['.', undefined],
    ['hello..', undefined],
    ['.hello', undefined],
    ['hello..mcc', undefined],
    ['_http._tcp.hello', undefined],
    ['he_llo', undefined],
    ['-hello', undefined],
    ['hello.mcc..', undefined],
    ['\u212Aelvin', undefined],
    ['hé', undefined],
    ['a'.repeat(64), undefined],
    [`${'a.'.repeat(150)}mcc`, undefined],
  ];
  for (const [text, name] of cases) t.strictSame(parseName(text), name, text);
  t.strictSame(parseName('hello.lan', 'lan'), hello);
  t.strictSame(parseName('hello.my.zone.', 'my.zone'), hello);
  t.strictSame(parseName('hello', 'mcc', true), undefined);
  t.strictSame(parseName('hello.mcc', 'mcc', true), hello);
  t.strictSame(parseName('mcc', 'mcc', true), undefined, 'the zone itself');
});

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const organisation = fc.option(label, { nil: undefined });
const plain = label.filter((text) => text !== 'node');
const query = fc.oneof(
  fc.record({
    kind: fc.constant('service' as const),
    name: label,
    organisation: fc.option(plain, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('node' as const), name: label, organisation }),
  fc.record({
    kind: fc.constant('nodeId' as const),
    nodeId: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  }),
  fc.record({ kind: fc.constant('endpoint' as const), service: label, node: plain, organisation }),
);

t.test('what is formatted reads the same, with and without zone, dot and in any case', async () => {
  const zones = fc.constantFrom('mcc', 'lan', 'my.zone');
  fc.assert(
    fc.property(query, zones, fc.boolean(), fc.boolean(), (name, zone, hasDot, isUpper) => {
      const text = `${formatName(name)}.${zone}${hasDot ? '.' : ''}`;
      const parsed = parseName(isUpper ? text.toUpperCase() : text, zone, true);
      return parsed !== undefined && formatName(parsed) === formatName(name) && parsed.kind === name.kind;
    }),
  );
});

t.test('any text gives a name of valid labels or nothing', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(label, fc.string())).map((labels) => labels.join('.')),
  );
  fc.assert(
    fc.property(text, fc.boolean(), (input, isZoneNeeded) => {
      const name = parseName(input, 'mcc', isZoneNeeded);
      return name === undefined || /^[a-z0-9.-]+$/.test(formatName(name));
    }),
  );
});

t.test('names that no service may have', async (t) => {
  for (const name of ['hello', 'a', 'http', '4you', '1-2', 'a'.repeat(63), 'node2', 'z'.repeat(52)])
    t.equal(serviceNameFault(name), undefined, name);
  const faults: [string, RegExp][] = [
    ['', /not a name/],
    ['Hello', /not a name/],
    ['a'.repeat(64), /not a name/],
    ['_http', /"_"/],
    ['node', /reserved/],
    ['mcc', /reserved/],
    ['localhost', /reserved/],
    ['wpad', /reserved/],
    ['isatap', /reserved/],
    ['80', /digits/],
    [ID, /node ID/],
  ];
  for (const [name, fault] of faults) t.match(serviceNameFault(name), fault, name);
});
