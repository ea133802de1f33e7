// Which names there are, and what each asks discovery for.
import fc from 'fast-check';
import t from 'tap';
import { parsePrefix } from '../../../src/core/base/ip.ts';
import { parseName } from '../../../src/core/discovery/discovery.ts';
import type { QueryName } from '../../../src/core/discovery/types.ts';
import { Rcode } from '../../../src/core/dns/message.ts';
import { idToText } from '../../../src/core/identity/identity.ts';
import { BOX, directory, HELLO, ip, node, RESOLVER, service, World } from './world.ts';

const own = (name: string): QueryName => ({ kind: 'service', name, organisation: undefined });
const of = (name: string, organisation: string): QueryName => ({ kind: 'service', name, organisation });
const ID = new Uint8Array(32).map((_, i) => i);

t.test('names that are looked up', async (t) => {
  const cases: [string, QueryName][] = [
    ['hello.mcc', own('hello')],
    ['HELLO.Mcc', own('hello')],
    ['hello.acme.mcc', of('hello', 'acme')],
    [`hello.${idToText(ID)}.mcc`, of('hello', idToText(ID))],
    ['box.node.mcc', { kind: 'node', name: 'box', organisation: undefined }],
    ['box.node.acme.mcc', { kind: 'node', name: 'box', organisation: 'acme' }],
    [`${idToText(ID)}.node.mcc`, { kind: 'nodeId', nodeId: ID }],
    [`${idToText(ID).toUpperCase()}.node.mcc`, { kind: 'nodeId', nodeId: ID }],
    ['hello.box.node.mcc', { kind: 'endpoint', service: 'hello', node: 'box', organisation: undefined }],
    ['hello.box.node.acme.mcc', { kind: 'endpoint', service: 'hello', node: 'box', organisation: 'acme' }],
    ['_hello._tcp.mcc', own('hello')],
    ['_hello._udp.acme.mcc', of('hello', 'acme')],
    [reverse6(HELLO), { kind: 'address', address: ip(HELLO) }],
  ];
  for (const [name, wanted] of cases) {
    const world = new World();
    t.equal(world.ask(name, 'A').rcode, Rcode.NXDOMAIN, name);
    t.strictSame(world.looked, [wanted], name);
  }
});

t.test('names that are there with nothing at them', async (t) => {
  const names = [
    'node.mcc',
    '_tcp.mcc',
    '_udp.mcc',
    'node.acme.mcc',
    '_tcp.acme.mcc',
    reverse6(HELLO).slice(2),
    reverse6(HELLO).slice(2 * 19),
    '7.64.100.in-addr.arpa',
  ];
  for (const name of names) {
    const world = new World();
    for (const type of ['A', 'AAAA', 'SRV', 'PTR', 'TXT', 'ANY']) {
      const answer = world.ask(name, type);
      t.equal(answer.rcode, Rcode.NOERROR, `${name} ${type}`);
      t.strictSame(answer.answers, []);
      t.equal(answer.authorities.length, 1);
    }
    t.strictSame(world.looked, [], name);
  }
});

t.test("an organisation's name is there, also when no service has it", async (t) => {
  const world = new World();
  t.equal(world.ask('acme.mcc', 'A').rcode, Rcode.NOERROR);
  t.equal(world.ask('beta.mcc', 'A').rcode, Rcode.NXDOMAIN);
  t.equal(world.ask('_acme._tcp.mcc', 'SRV').rcode, Rcode.NXDOMAIN);
  world.directory = directory({ acme: service('acme') });
  t.equal(world.ask('acme.mcc', 'AAAA').answers.length, 1, 'a service of that name comes first');
});

t.test('names that cannot be', async (t) => {
  const names = [
    'a_b.mcc',
    '-a.mcc',
    'x.a_b.mcc',
    'b_x.node.mcc',
    'x._tcp.mcc',
    '_._tcp.mcc',
    '_x._sctp.mcc',
    '_a._tcp._tcp.mcc',
    'lb._dns-sd._udp.mcc',
    'node.beta.mcc',
    '_tcp.beta.mcc',
    'a.b.c.mcc',
    'a.b.c.d.mcc',
    'a.b.node.acme.x.mcc',
    'a.b.c.d.e.f.g.mcc',
    `x.${reverse6(HELLO)}`,
    `g${reverse6(HELLO).slice(1)}`,
    `00${reverse6(HELLO).slice(1)}`,
    '256.7.64.100.in-addr.arpa',
    '01.7.64.100.in-addr.arpa',
    'x.7.64.100.in-addr.arpa',
    '1.1.7.64.100.in-addr.arpa',
    '99.99.64.100.in-addr.arpa',
  ];
  for (const name of names) {
    const world = new World(() => service('hello'));
    t.equal(world.ask(name, 'A').rcode, Rcode.NXDOMAIN, name);
    t.strictSame(world.looked, [], name);
  }
});

t.test('names of others are refused and never looked up', async (t) => {
  const names = [
    '.',
    'mc',
    'xmcc',
    'mcc.example',
    'example.org',
    'hello.mcc.example',
    'localhost',
    'arpa',
    'ip6.arpa',
    'in-addr.arpa',
    '1.0.0.127.in-addr.arpa',
    '1.7.65.100.in-addr.arpa',
    '100.in-addr.arpa',
    reverse6('fd01:203:406::1'),
    reverse6(HELLO).slice(2 * 21),
  ];
  for (const name of names) {
    const world = new World(() => service('hello'));
    for (const type of ['A', 'PTR', 'SOA', 'ANY']) {
      const answer = world.ask(name, type);
      t.equal(answer.rcode, Rcode.REFUSED, `${name} ${type}`);
      t.notOk(answer.packet.flag_aa);
      t.strictSame([...answer.answers, ...answer.authorities, ...answer.additionals], []);
    }
    t.strictSame(world.looked, []);
  }
});

t.test('the zone may have another name, of several labels', async (t) => {
  const world = new World(directory({ hello: service('hello') }), { zone: 'mesh.example' });
  t.strictSame(world.ask('hello.mesh.example', 'AAAA').answers, [`hello.mesh.example 5 AAAA ${HELLO}`]);
  t.equal(world.ask('hello.mcc', 'A').rcode, Rcode.REFUSED);
  t.equal(world.ask('example', 'SOA').rcode, Rcode.REFUSED);
  t.strictSame(world.ask('mesh.example', 'NS').answers, ['mesh.example 60 NS _ns.mesh.example']);
  for (const zone of ['', '.', '.mcc', 'mcc.', 'Mcc', 'a..b', 'a_b'])
    t.throws(() => new World(undefined, { zone }), RangeError, zone);
  t.throws(() => new World(undefined, { zone: `${'a'.repeat(40)}.${'b'.repeat(40)}` }), /too long/);
});

t.test('the longest names fit', async (t) => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(63));
  const zone = d.slice(0, 56);
  const far = `${a}.${b}.node.${c}`;
  const world = new World(() => service(far), { zone });
  t.strictSame(world.ask(reverse6(HELLO), 'PTR').answers, [`${reverse6(HELLO)} 5 PTR ${far}.${zone}`]);
  t.strictSame(world.ask(`${far}.${zone}`, 'AAAA').answers, [`${far}.${zone} 5 AAAA ${HELLO}`]);
  t.throws(() => new World(undefined, { zone: d.slice(0, 58) }), RangeError);
});

t.test('a host without aliases has no reverse zone for them', async (t) => {
  const world = new World(undefined, { aliasPrefix: 0, aliasOf: () => 0 });
  t.equal(world.ask('1.7.64.100.in-addr.arpa', 'PTR').rcode, Rcode.REFUSED);
});

t.test('every prefix has its reverse zone', async (t) => {
  const world = new World(undefined, {
    networkPrefix: parsePrefix('fdff:1:a0::/48')!,
    aliasPrefix: 0xfffe0000,
  });
  t.equal(world.ask(reverse6('fdff:1:a0::7'), 'PTR').rcode, Rcode.NXDOMAIN);
  t.equal(world.looked.length, 1);
  t.equal(world.ask('254.255.in-addr.arpa', 'SOA').answers.length, 1);
});

t.test("addresses tell the names of what has them, aliases too, the resolver's own as well", async (t) => {
  const world = new World(
    directory({
      hello: service('hello'),
      [Buffer.from(ip(HELLO)).toString('hex')]: service('hello'),
      [Buffer.from(ip(BOX)).toString('hex')]: node('box'),
    }),
  );
  t.strictSame(world.ask(reverse6(HELLO), 'PTR').answers, [`${reverse6(HELLO)} 5 PTR hello.mcc`]);
  t.strictSame(world.ask(reverse6(BOX), 'PTR').answers, [`${reverse6(BOX)} 60 PTR box.node.mcc`]);
  t.strictSame(world.ask(reverse6(RESOLVER), 'PTR').answers, [`${reverse6(RESOLVER)} 60 PTR _ns.mcc`]);
  const none = world.ask(reverse6(HELLO), 'AAAA');
  t.strictSame([none.rcode, none.answers], [Rcode.NOERROR, []]);
  const [, , , alias] = world.ask('hello.mcc', 'A').answers[0].split(' ');
  const name = `${alias.split('.').reverse().join('.')}.in-addr.arpa`;
  t.strictSame(world.ask(name, 'PTR').answers, [`${name} 5 PTR hello.mcc`]);
  const [, , , server] = world.ask('_ns.mcc', 'A').answers[0].split(' ');
  const serverName = `${server.split('.').reverse().join('.')}.in-addr.arpa`;
  t.strictSame(world.ask(serverName, 'PTR').answers, [`${serverName} 60 PTR _ns.mcc`]);
});

t.test('DNS and the command line understand the same names', async () => {
  const label = fc.oneof(
    fc.constantFrom('node', 'acme', 'hello', 'mcc', idToText(ID), 'a-b', '7'),
    fc.stringMatching(/^[a-zA-Z0-9-]{1,12}$/),
  );
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), (labels) => {
      const name = `${labels.join('.')}.mcc`;
      const parsed = parseName(name, 'mcc', true);
      const world = new World();
      world.ask(name, 'A');
      const [looked] = world.looked;
      const isEmpty = labels[0].toLowerCase() === 'node' && looked === undefined;
      if (isEmpty) return;
      if (parsed?.kind !== looked?.kind) throw new Error(`${name}: ${parsed?.kind}, not ${looked?.kind}`);
      t.strictSame(looked, parsed, name);
    }),
    { numRuns: 500 },
  );
});

function reverse6(text: string): string {
  const nibbles = [...Buffer.from(ip(text)).toString('hex')];
  return `${nibbles.reverse().join('.')}.ip6.arpa`;
}
