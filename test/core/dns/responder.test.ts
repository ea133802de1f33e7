// What a query gets, as the asker sees it.
import t from 'tap';
import { NEVER } from '../../../src/core/base/time.ts';
import { PENDING_MAX, PENDING_MS, REPEAT_MS } from '../../../src/core/dns/dns.ts';
import { Rcode } from '../../../src/core/dns/message.ts';
import {
  BOX,
  type Directory,
  directory,
  encodeQuery,
  endpoint,
  HELLO,
  node,
  RESOLVER,
  read,
  service,
  World,
} from './world.ts';

const NEGATIVE = 'mcc 5 SOA _ns.mcc hostmaster.mcc 5';
const HOME = directory({
  hello: service('hello'),
  four: service('four', { ipv6: false }),
  six: service('six', { ipv4: false }),
  'box.node': node('box'),
});

t.test('a service has the address families that its target answers', async (t) => {
  const world = new World(HOME);
  t.strictSame(world.ask('hello.mcc', 'AAAA').answers, [`hello.mcc 5 AAAA ${HELLO}`]);
  t.strictSame(world.ask('hello.mcc', 'A').answers, ['hello.mcc 5 A 100.64.1.0']);
  t.strictSame(world.ask('four.mcc', 'A').answers, ['four.mcc 5 A 100.64.1.0']);
  t.strictSame(world.ask('six.mcc', 'AAAA').answers, [`six.mcc 5 AAAA ${HELLO}`]);
  for (const [name, type] of [
    ['four.mcc', 'AAAA'],
    ['six.mcc', 'A'],
    ['hello.mcc', 'TXT'],
    ['hello.mcc', 'MX'],
    ['hello.mcc', 'CNAME'],
    ['hello.mcc', 'PTR'],
    ['hello.mcc', 'NS'],
    ['hello.mcc', 'SOA'],
    ['box.node.mcc', 'SRV'],
    ['_hello._tcp.mcc', 'A'],
    ['_hello._udp.mcc', 'SRV'],
  ]) {
    const answer = world.ask(name, type);
    t.equal(answer.rcode, Rcode.NOERROR, `${name} ${type} is there`);
    t.strictSame(answer.answers, [], 'without a record of that type');
    t.strictSame(answer.authorities, [NEGATIVE]);
    t.ok(answer.packet.flag_aa);
  }
});

t.test('a node has both, for longer', async (t) => {
  const world = new World(HOME);
  t.strictSame(world.ask('box.node.mcc', 'AAAA').answers, [`box.node.mcc 60 AAAA ${BOX}`]);
  t.strictSame(world.ask('box.node.mcc', 'A').answers, ['box.node.mcc 60 A 100.64.1.0']);
});

t.test('a full pool of aliases leaves IPv6', async (t) => {
  const world = new World(HOME);
  world.aliasesLeft = 0;
  const answer = world.ask('hello.mcc', 'A');
  t.strictSame([answer.rcode, answer.answers, answer.authorities], [Rcode.NOERROR, [], [NEGATIVE]]);
  t.equal(world.ask('hello.mcc', 'AAAA').answers.length, 1);
  t.strictSame(
    world.ask('hello.mcc', 'SRV').additionals.map((text) => text.split(' ')[2]),
    ['AAAA'],
  );
});

t.test('no alias is given away for an IPv6 question', async (t) => {
  const world = new World(HOME);
  world.ask('hello.mcc', 'AAAA');
  world.ask('hello.mcc', 'TXT');
  world.ask('_hello._tcp.mcc', 'A');
  t.equal(world.aliases.size, 0);
});

t.test('unknown names, and only those, are NXDOMAIN', async (t) => {
  for (const kind of ['notFound', 'unknownOrganisation'] as const) {
    const world = new World(() => ({ kind }));
    const answer = world.ask('nothing.mcc', 'A');
    t.strictSame([answer.rcode, answer.answers, answer.authorities], [Rcode.NXDOMAIN, [], [NEGATIVE]]);
    t.ok(answer.packet.flag_aa);
  }
  const ambiguous = new World(() => ({ kind: 'ambiguousOrganisation', organisations: [] }));
  t.equal(ambiguous.ask('hello.twice.mcc', 'A').rcode, Rcode.NXDOMAIN);
  const away = new World(() => ({ kind: 'unavailable' })).ask('hello.mcc', 'A');
  t.equal(away.rcode, Rcode.SERVFAIL);
  t.notOk(away.packet.flag_aa);
  t.strictSame(away.authorities, [], 'nothing that anybody could keep');
});

t.test('SRV tells each endpoint that takes connections, and its addresses', async (t) => {
  const world = new World(
    directory({
      hello: service('hello', {
        endpoints: [
          endpoint('hello.box.node', 80, { weight: 30 }),
          endpoint('hello.car.node', 8080, { ipv6: false }),
          endpoint('hello.down.node', 80, { isUp: false }),
          endpoint('hello.udp.node', 53, { protocol: 'udp' }),
        ],
      }),
      'hello.box.node': service('hello.box.node', {
        of: 'endpoint',
        endpoints: [endpoint('hello.box.node', 80)],
      }),
    }),
  );
  const all = world.ask('hello.mcc', 'SRV');
  t.strictSame(all.answers, [
    'hello.mcc 5 SRV 0 30 80 hello.box.node.mcc',
    'hello.mcc 5 SRV 0 10 8080 hello.car.node.mcc',
    'hello.mcc 5 SRV 0 10 53 hello.udp.node.mcc',
  ]);
  t.strictSame(all.additionals, [
    'hello.box.node.mcc 5 A 100.64.1.0',
    'hello.box.node.mcc 5 AAAA fd01:203:405::e2',
    'hello.car.node.mcc 5 A 100.64.1.0',
    'hello.udp.node.mcc 5 A 100.64.1.0',
    'hello.udp.node.mcc 5 AAAA fd01:203:405::e2',
  ]);
  t.strictSame(
    world.ask('_hello._tcp.mcc', 'SRV').answers.map((text) => text.split(' ').pop()),
    ['hello.box.node.mcc', 'hello.car.node.mcc'],
    'in the form of RFC 2782 those of one protocol',
  );
  t.strictSame(world.ask('_hello._udp.mcc', 'SRV').answers, [
    '_hello._udp.mcc 5 SRV 0 10 53 hello.udp.node.mcc',
  ]);
  t.strictSame(world.ask('hello.box.node.mcc', 'SRV').answers, [
    'hello.box.node.mcc 5 SRV 0 10 80 hello.box.node.mcc',
  ]);
});

t.test('what is no name does not come to stand in an answer', async (t) => {
  for (const name of [
    '',
    '.',
    'a..b',
    'x'.repeat(64),
    'A',
    'a_b',
    'a b',
    new Array(70).fill('aa').join('.'),
  ]) {
    const endpoints = [endpoint(name, 1), endpoint('hello.box.node', 2)];
    const world = new World(() => service(name, { endpoints }));
    t.strictSame(world.ask(`1.e.0.0.${'0.'.repeat(16)}5.0.4.0.3.0.2.0.1.0.d.f.ip6.arpa`, 'PTR').answers, []);
    t.strictSame(world.ask('hello.mcc', 'SRV').answers, ['hello.mcc 5 SRV 0 10 2 hello.box.node.mcc']);
  }
});

t.test('ANY tells what there is', async (t) => {
  const world = new World(HOME);
  const types = (name: string) => world.ask(name, 'ANY').answers.map((text) => text.split(' ')[2]);
  t.strictSame(types('hello.mcc'), ['A', 'AAAA', 'SRV']);
  t.strictSame(types('box.node.mcc'), ['A', 'AAAA']);
  t.strictSame(types('_hello._tcp.mcc'), ['SRV']);
  t.strictSame(types('mcc'), ['SOA', 'NS']);
});

t.test('the apex, and the resolver by its own name', async (t) => {
  const world = new World(HOME);
  t.strictSame(world.ask('mcc', 'SOA').answers, ['mcc 60 SOA _ns.mcc hostmaster.mcc 5']);
  const ns = world.ask('MCC', 'NS');
  t.strictSame(ns.answers, ['MCC 60 NS _ns.MCC']);
  t.strictSame(ns.additionals, ['_ns.MCC 60 A 100.64.1.0', `_ns.MCC 60 AAAA ${RESOLVER}`]);
  t.strictSame(world.ask('_ns.mcc', 'AAAA').answers, [`_ns.mcc 60 AAAA ${RESOLVER}`]);
  for (const name of ['5.0.4.0.3.0.2.0.1.0.d.f.ip6.arpa', '64.100.in-addr.arpa']) {
    t.strictSame(world.ask(name, 'SOA').answers, [`${name} 60 SOA _ns.mcc hostmaster.mcc 5`]);
    t.strictSame(world.ask(name, 'NS').answers, [`${name} 60 NS _ns.mcc`]);
    t.strictSame(world.ask(name, 'PTR').authorities, [`${name} 5 SOA _ns.mcc hostmaster.mcc 5`]);
  }
  t.strictSame(world.looked, []);
});

t.test("the question comes back as it was asked, and the asker's case with every name", async (t) => {
  const world = new World(HOME);
  const query = encodeQuery('HeLLo.mCC', 'A', { id: 0xbeef });
  const [{ bytes }] = world.query(query).sends;
  const questionEnd = 12 + 11 + 4;
  t.strictSame(bytes.subarray(12, questionEnd), query.subarray(12, questionEnd));
  t.equal(read(bytes).answers[0], 'HeLLo.mCC 5 A 100.64.1.0');
  t.equal(read(bytes).packet.id, 0xbeef);
  t.equal(world.ask('nO.mCC', 'A').authorities[0], 'mCC 5 SOA _ns.mCC hostmaster.mCC 5');
});

t.test('header flags', async (t) => {
  const world = new World(HOME);
  const answer = world.ask('hello.mcc', 'A', { flags: 0x0110 | 0x0020 | 0x0040 | 0x0080 | 0x0600 });
  const flags = (answer.bytes[2] << 8) | answer.bytes[3];
  t.equal(flags, 0x8000 | 0x0400 | 0x0100 | 0x0010, 'QR, AA, and RD and CD as asked; no RA, TC, AD');
  t.equal(world.ask('hello.mcc', 'A', { flags: 0 }).bytes[2], 0x84);
});

t.test('EDNS is answered with EDNS, of version 0', async (t) => {
  const world = new World(HOME);
  const opt = (name: string, edns: number, ednsVersion = 0) => {
    const answer = world.ask(name, 'A', { edns, ednsVersion });
    return [answer.rcode, answer.packet.additionals?.filter(({ type }) => type === 'OPT').length];
  };
  t.strictSame(opt('hello.mcc', 0), [Rcode.NOERROR, 0]);
  t.strictSame(opt('hello.mcc', 1232), [Rcode.NOERROR, 1]);
  t.strictSame(opt('nothing.mcc', 4096), [Rcode.NXDOMAIN, 1]);
  t.strictSame(opt('example.org', 1232), [Rcode.REFUSED, 1]);
  t.strictSame(opt('hello.mcc', 1232, 1), [Rcode.BADVERS, 1]);
  const answer = world.ask('hello.mcc', 'A');
  const own = answer.packet.additionals?.find(({ type }) => type === 'OPT') as unknown as Record<
    string,
    unknown
  >;
  t.match(own, { udpPayloadSize: 1232, flags: 0, ednsVersion: 0, options: [] });
});

t.test('what does not fit into the datagram is cut, and TCP has it whole', async (t) => {
  const endpoints = Array.from({ length: 300 }, (_, i) => endpoint(`hello.box-${i}.node`, 1 + i));
  const world = new World(directory({ hello: service('hello', { endpoints }) }));
  for (const [edns, limit] of [
    [0, 512],
    [1, 512],
    [512, 512],
    [1000, 1000],
    [1232, 1232],
    [65_535, 1232],
  ]) {
    const answer = world.ask('hello.mcc', 'SRV', { edns });
    t.ok(answer.bytes.length <= limit, `${answer.bytes.length} of ${limit}`);
    t.ok(answer.bytes.length > limit - 60, 'the room is used');
    t.ok(answer.packet.flag_tc);
    t.strictSame(answer.additionals, []);
  }
  const whole = world.ask('hello.mcc', 'SRV', { isTcp: true });
  t.notOk(whole.packet.flag_tc);
  t.equal(whole.answers.length, 300);
  t.equal(whole.additionals.length, 600);

  world.directory = directory({ hello: service('hello', { endpoints: endpoints.slice(0, 12) }) });
  world.now += REPEAT_MS;
  const some = world.ask('hello.mcc', 'SRV', { edns: 0 });
  t.equal(some.answers.length, 12);
  t.notOk(some.packet.flag_tc, 'additional records are left out without a word');
  t.ok(some.bytes.length <= 512);
});

t.test('an answer too large for TCP is cut too', async (t) => {
  const endpoints = Array.from({ length: 3000 }, (_, i) => endpoint(`hello.box-${i}.node`, 1 + i));
  const world = new World(directory({ hello: service('hello', { endpoints }) }));
  const answer = world.ask('hello.mcc', 'SRV', { isTcp: true });
  t.ok(answer.packet.flag_tc);
  t.ok(answer.bytes.length <= 65_535 && answer.bytes.length > 65_000);
  world.directory = directory({ hello: service('hello', { endpoints: endpoints.slice(0, 1000) }) });
  const whole = world.ask('hello.mcc', 'SRV', { isTcp: true });
  t.equal(whole.answers.length, 1000);
  t.ok(whole.additionals.length > 600, 'addresses as far as pointers to their names reach');
});

t.test('opcodes, classes and types that are not spoken', async (t) => {
  const world = new World(HOME);
  for (let opcode = 1; opcode < 16; opcode++) {
    const { bytes } = world.query(encodeQuery('hello.mcc', 'A', { flags: opcode << 11 })).sends[0];
    t.equal(read(bytes).rcode, Rcode.NOTIMP);
    t.equal((bytes[2] >> 3) & 15, opcode);
  }
  for (const type of ['AXFR', 'IXFR', 'TSIG', 'TKEY', 'OPT'])
    t.equal(world.ask('hello.mcc', type, { isTcp: true }).rcode, Rcode.REFUSED, type);
  for (const qclass of [0, 2, 3, 4, 254, 255]) {
    const query = encodeQuery('hello.mcc', 'A', { edns: 0 });
    query[query.length - 1] = qclass;
    t.equal(read(world.query(query).sends[0].bytes).rcode, Rcode.REFUSED, `class ${qclass}`);
  }
  t.strictSame(world.looked, []);
});

t.test('a lookup that takes long', async (t) => {
  const late: Directory = () => undefined;
  const world = new World(late);
  t.equal(world.responder.wakeAt, NEVER);
  const query = encodeQuery('hello.mcc', 'A');
  t.strictSame(world.query(query).sends, [], 'waits');
  t.equal(world.responder.wakeAt, PENDING_MS);
  world.now = 1000;
  world.query(encodeQuery('hello.mcc', 'AAAA'));
  t.equal(world.responder.wakeAt, PENDING_MS, 'the first is due first');

  world.responder.handle({ kind: 'resolved', id: 2, result: service('hello') }, 1500, world.out);
  t.equal(read(world.drain().sends[0].bytes).answers.length, 1);
  world.responder.onTimer(PENDING_MS - 1, world.out);
  t.strictSame(world.drain().sends, []);
  world.responder.onTimer(PENDING_MS, world.out);
  const [{ token, bytes }] = world.drain().sends;
  t.equal(token, 1);
  t.equal(read(bytes).rcode, Rcode.SERVFAIL, 'is given up, and nobody is told that there is no such name');
  t.equal(world.responder.wakeAt, NEVER);
  world.responder.handle({ kind: 'resolved', id: 1, result: service('hello') }, 5000, world.out);
  world.responder.handle({ kind: 'resolved', id: 77, result: service('hello') }, 5000, world.out);
  t.strictSame(world.drain().sends, [], 'answers that nobody waits for are passed over');
});

t.test('in a flood of unknown names, known ones are answered', async (t) => {
  const world = new World((name) =>
    name.kind === 'service' && name.name === 'hello' ? service('hello') : undefined,
  );
  let failed = 0;
  for (let i = 0; i < 3 * PENDING_MAX; i++) {
    world.now = i;
    const { sends } = world.query(encodeQuery(`x${i}.mcc`, 'A'));
    failed += sends.length;
    for (const { token, bytes } of sends) {
      t.equal(read(bytes).rcode, Rcode.SERVFAIL);
      t.equal(token, i + 1 - PENDING_MAX, 'who has waited longest goes');
    }
  }
  t.equal(failed, 2 * PENDING_MAX);
  const known = world.query(encodeQuery('hello.mcc', 'A')).sends;
  t.equal(read(known[known.length - 1].bytes).answers.length, 1);
  world.responder.onTimer(1e6, world.out);
  t.equal(world.drain().sends.length, PENDING_MAX - 1, 'no more than that wait');
});

t.test('the query is read within the call', async (t) => {
  const world = new World(() => undefined);
  const query = encodeQuery('hello.mcc', 'A', { id: 0x0a0b });
  world.query(query);
  query.fill(0xff);
  world.responder.handle({ kind: 'resolved', id: 1, result: service('hello') }, 1, world.out);
  const answer = read(world.drain().sends[0].bytes);
  t.equal(answer.packet.id, 0x0a0b);
  t.strictSame(answer.answers, ['hello.mcc 5 A 100.64.1.0']);
});

t.test('names of other zones are refused, or handed on where the host asks here for all names', async (t) => {
  const world = new World(HOME);
  t.equal(world.ask('example.org', 'A').rcode, Rcode.REFUSED);
  t.strictSame(world.foreign, []);
  world.responder.isForwarding = true;
  const query = encodeQuery('example.org', 'A');
  t.strictSame(world.query(query).sends, []);
  t.match(world.foreign, [{ bytes: query, maxBytes: 1232 }]);
  t.strictSame(world.ask('hello.mcc', 'A').answers, ['hello.mcc 5 A 100.64.1.0'], 'own names are not');
  t.equal(world.foreign.length, 1);
});
